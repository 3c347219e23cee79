import './zod-setup.js';
import '@mantine/core/styles.layer.css';
import 'reactflow/dist/style.css';
import './ui/base.css';
import { createRoot } from 'react-dom/client';
import { App } from './App.js';
import { connectStudio, reportError, useStudio } from './stores/studio.js';
import { useProject } from './stores/project.js';
import { client } from './transport.js';

connectStudio(client);

// The first project on screen: the last one open, or the example of a first start.
const stopWaiting = useStudio.subscribe(({ info }) => {
  if (info === null) return;
  stopWaiting();
  useProject.getState().open(info.startPath).catch(reportError);
});
client.start();

window.addEventListener('error', (event) => reportError(event.error ?? event.message));
window.addEventListener('unhandledrejection', (event) => reportError(event.reason));
window.addEventListener('pagehide', () => {
  useProject
    .getState()
    .save()
    .catch(() => {});
});
window.addEventListener('beforeunload', (event) => {
  // A browser asks the person. Electron has no question to show: it would just refuse to close.
  const asks = window.unroll === undefined;
  if (asks && useProject.getState().saveState !== 'saved') event.preventDefault();
});

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(<App />);

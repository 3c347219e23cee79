import './zod-setup.js';
import '@mantine/core/styles.layer.css';
import 'reactflow/dist/style.css';
import './ui/base.css';
import { createRoot } from 'react-dom/client';
import { App } from './App.js';
import { registerCanvasKeyHints } from './canvas/keyHints.js';
import { registerAppCommands } from './commands/app.js';
import { findCommand, runCommand } from './commands/registry.js';
import { followSeries } from './runs/cellSeries.js';
import { connectStudio, reportError, useStudio } from './stores/studio.js';
import { useProject } from './stores/project.js';
import { useRuns } from './stores/runs.js';
import { client } from './transport.js';

connectStudio(client);
registerAppCommands();
registerCanvasKeyHints();

// The first project on screen: the last one open. A first start chooses one.
const stopWaiting = useStudio.subscribe(({ info }) => {
  if (info === null) return;
  stopWaiting();
  if (info.startPath !== null) useProject.getState().open(info.startPath).catch(reportError);
});
client.listen('app.open', ({ path }) => {
  useStudio.getState().setView('design');
  useProject.getState().open(path).catch(reportError);
});
client.listen('app.command', ({ id }) => {
  const command = findCommand(id);
  if (command !== undefined) runCommand(command, reportError);
});
// A run chosen in one project is not what the next one shows.
useProject.subscribe(({ document }, before) => {
  if (before.document !== null && document?.id !== before.document.id)
    useRuns.getState().select(null);
});
followSeries();
client.start();

window.addEventListener('error', (event) => {
  // No error: a busy browser says that it delivers sizes in the next frame.
  if (event.message.startsWith('ResizeObserver loop')) return;
  reportError(event.error ?? event.message);
});
window.addEventListener('unhandledrejection', (event) => reportError(event.reason));
window.addEventListener('beforeunload', (event) => {
  // What is typed in a field may take effect only when the field is left.
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  const { saveState, save } = useProject.getState();
  if (saveState === 'saved') return;
  // The host asks the person: the browser, or main in Electron. Meanwhile it may get saved.
  event.preventDefault();
  save().catch(() => {});
});

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(<App />);

import { MantineProvider } from '@mantine/core';
import { lazy, Suspense, useEffect, type ComponentType } from 'react';
import { DesignView } from './canvas/DesignView.js';
import { listenForShortcuts } from './commands/registry.js';
import { Banners } from './shell/Banners.js';
import { Notices } from './shell/Notices.js';
import { Rail } from './shell/Rail.js';
import styles from './shell/shell.module.css';
import { StatusBar } from './shell/StatusBar.js';
import { TopBar } from './shell/TopBar.js';
import { useExports } from './stores/exports.js';
import { useProject } from './stores/project.js';
import {
  reportError,
  useResolvedTheme,
  useStudio,
  type Overlay,
  type Page,
  type View,
} from './stores/studio.js';
import { EmptyState } from './ui/index.js';
import { cssVariablesResolver, theme } from './ui/theme.js';

const panels: Record<View, ComponentType> = {
  design: DesignView,
  data: lazy(() => import('./data/DataView.js')),
  train: lazy(() => import('./train/TrainView.js')),
  runs: lazy(() => import('./runs/RunsView.js')),
  playground: lazy(() => import('./playground/PlaygroundView.js')),
};

const pages: Record<Page, ComponentType> = {
  projects: lazy(() => import('./gallery/ProjectsPage.js')),
  settings: lazy(() => import('./settings/SettingsPage.js')),
};

const overlays: Record<Overlay, ComponentType> = {
  palette: lazy(() => import('./commands/CommandPalette.js')),
  about: lazy(() => import('./about/AboutDialog.js')),
  glossary: lazy(() => import('./about/Glossary.js')),
  shortcuts: lazy(() => import('./commands/ShortcutSheet.js')),
};

const ExportDialog = lazy(() => import('./export/ExportDialog.js'));

function CurrentView() {
  const view = useStudio((state) => state.view);
  const loaded = useProject((state) => state.document !== null);
  const opening = useProject((state) => state.opening);
  const connected = useStudio((state) => state.info !== null);
  const page = useStudio((state) => state.page);
  if (!loaded && (opening || !connected))
    return (
      <EmptyState>{opening ? 'Opening the project…' : 'Connecting to the studio…'}</EmptyState>
    );
  // Without a project there is only the choice of one.
  const chosen = page ?? (loaded ? null : 'projects');
  const Panel = chosen === null ? panels[view] : pages[chosen];
  return (
    <Suspense fallback={null}>
      <Panel />
    </Suspense>
  );
}

function CurrentOverlay() {
  const overlay = useStudio((state) => state.overlay);
  if (overlay === null) return null;
  const Shown = overlays[overlay];
  return (
    <Suspense fallback={null}>
      <Shown />
    </Suspense>
  );
}

/** `● name — Unroll Studio`: the dot says that something is not saved yet. */
function useWindowTitle(): void {
  const name = useProject((state) => state.document?.name);
  const saved = useProject((state) => state.saveState === 'saved');
  useEffect(() => {
    document.title =
      name === undefined ? 'Unroll Studio' : `${saved ? '' : '● '}${name} — Unroll Studio`;
  }, [name, saved]);
}

export function App() {
  const scheme = useResolvedTheme();
  const exporting = useExports((state) => state.openRunId !== null);
  useWindowTitle();
  useEffect(() => listenForShortcuts(reportError), []);
  useEffect(() => {
    document.documentElement.dataset.theme = scheme;
  }, [scheme]);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      forceColorScheme={scheme}
    >
      <div className={styles.app}>
        <TopBar />
        <Banners />
        <Rail />
        <main className={styles.view}>
          <CurrentView />
        </main>
        <StatusBar />
        <Notices />
        <CurrentOverlay />
        {exporting && (
          <Suspense fallback={null}>
            <ExportDialog />
          </Suspense>
        )}
      </div>
    </MantineProvider>
  );
}

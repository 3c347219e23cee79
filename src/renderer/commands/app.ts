/** What the commands of the menus do. Titles and keys stand in shared/menus, which Electron reads too. */
import { menuTitles, menus, type AppCommandId } from '#shared/menus';
import { isActive } from '#shared/run/state';
import type { ThemeChoice } from '#shared/settings';
import type { RunEntry } from '#shared/ipc/studio';
import { chartKeyHints } from '../charts/keyHints.js';
import { readForUpload } from '../data/importFile.js';
import { bothCellsObstacle, trainBothCells } from '../runs/cellSeries.js';
import { useRunList } from '../runs/listState.js';
import { useCode } from '../stores/code.js';
import { useCompare } from '../stores/compare.js';
import { useDesign } from '../stores/design.js';
import { useExports } from '../stores/exports.js';
import { useProject } from '../stores/project.js';
import { useRuns } from '../stores/runs.js';
import { useStudio, type Overlay, type View } from '../stores/studio.js';
import {
  continuationObstacle,
  resumeObstacle,
  showContinuation,
  shownRun,
} from '../train/continuation.js';
import { hasWeights } from '../train/runFacts.js';
import { startTraining, trainingObstacle } from '../train/startTraining.js';
import { pickFile } from '../ui/files.js';
import { holdKeys } from './heldKeys.js';
import { menuCommand, registerCommands, registerKeyHints, type Doing } from './registry.js';

const hasProject = (): true | string =>
  useProject.getState().document !== null || 'No project is open.';

const view = (name: View, keywords: string): Doing => ({
  keywords,
  enabled: hasProject,
  checked: () => useStudio.getState().view === name && useStudio.getState().page === null,
  run: () => useStudio.getState().setView(name),
});

const theme = (choice: ThemeChoice): Doing => ({
  keywords: 'appearance colours mode',
  checked: () => useStudio.getState().settings.theme === choice,
  run: () => useStudio.getState().changeSettings({ theme: choice }),
});

const overlay = (name: Overlay): (() => void) => {
  return () => {
    const { overlay: shown, setOverlay } = useStudio.getState();
    if (shown !== name && name === 'palette') holdKeys(() => setOverlay(null));
    setOverlay(shown === name ? null : name);
  };
};

/** Shows the project that the work leads to. */
async function showing(work: Promise<void>): Promise<void> {
  await work;
  useStudio.getState().setView('design');
}

const newestRun = (): RunEntry | undefined => {
  const projectId = useProject.getState().document?.id;
  return useRuns.getState().runs.find((run) => run.projectId === projectId && hasWeights(run));
};

const activeRun = (): RunEntry | undefined =>
  useRuns.getState().runs.find(({ state }) => isActive(state));

const onActiveRun = (
  keywords: string,
  possible: (phase: RunEntry['state']['phase']) => boolean,
  run: (id: string) => Promise<void>,
): Doing => ({
  keywords,
  enabled: () => {
    const active = activeRun();
    if (active === undefined) return 'No run is training.';
    if (possible(active.state.phase)) return true;
    return active.state.phase === 'paused' ? 'The run is paused.' : 'The run is not paused.';
  },
  run: async () => {
    const active = activeRun();
    if (active !== undefined) await run(active.id);
  },
});

const doings: Record<AppCommandId, Doing> = {
  'file.new': {
    keywords: 'project create',
    run: () => useDesign.getState().setDialog('new'),
  },
  'file.open': {
    keywords: 'project example gallery',
    run: () => useStudio.getState().setPage('projects'),
  },
  'file.save': {
    whileTyping: true,
    inDialogs: true,
    enabled: hasProject,
    // A failure shows in the banner.
    run: () =>
      useProject
        .getState()
        .save()
        .catch(() => {}),
  },
  'file.duplicate': {
    keywords: 'copy project',
    enabled: hasProject,
    run: () => showing(useProject.getState().duplicate()),
  },
  'file.import': {
    keywords: 'open zip',
    run: async () => {
      const file = await pickFile('.zip');
      if (file === null) return;
      await showing(readForUpload(file).then(useProject.getState().importProject));
    },
  },
  'file.import-data': {
    keywords: 'dataset file csv text rows preview',
    enabled: hasProject,
    run: async () => {
      const file = await pickFile('');
      if (file === null) return;
      const { useImport } = await import('../data/importStore.js');
      useStudio.getState().setView('data');
      await useImport.getState().start(file);
    },
  },
  'file.export': {
    keywords: 'verify code weights pytorch keras onnx tensorflow report zip',
    enabled: () => newestRun() !== undefined || 'No run of this project has weights yet.',
    run: () => {
      const run = newestRun();
      if (run !== undefined) useExports.getState().open(run.id);
    },
  },
  'file.settings': {
    keywords: 'preferences options theme workspace folder device threads',
    whileTyping: true,
    run: () => {
      const { page, setPage } = useStudio.getState();
      setPage(page === 'settings' ? null : 'settings');
    },
  },
  'edit.undo': {
    enabled: () => useProject.getState().canUndo || 'Nothing to undo.',
    run: () => useProject.getState().undo(),
  },
  'edit.redo': {
    enabled: () => useProject.getState().canRedo || 'Nothing to redo.',
    run: () => useProject.getState().redo(),
  },
  'view.design': view('design', 'canvas network graph blocks'),
  'view.data': view('data', 'dataset recipe tokenizer split preview'),
  'view.train': view('train', 'curves loss accuracy'),
  'view.runs': view('runs', 'table compare history'),
  'view.playground': view('playground', 'predict try'),
  'view.code': {
    keywords: 'pytorch keras typescript panel',
    whileTyping: true,
    enabled: hasProject,
    run: () => {
      const { open, setOpen } = useCode.getState();
      const designing = useStudio.getState().view === 'design';
      useStudio.getState().setView('design');
      setOpen(!designing || !open);
    },
  },
  'view.problems': {
    keywords: 'errors warnings panel',
    enabled: hasProject,
    run: () => {
      const { problemsOpen, setProblemsOpen } = useDesign.getState();
      const designing = useStudio.getState().view === 'design';
      useStudio.getState().setView('design');
      setProblemsOpen(!designing || !problemsOpen);
    },
  },
  'view.theme-system': theme('system'),
  'view.theme-light': theme('light'),
  'view.theme-dark': theme('dark'),
  'run.start': {
    keywords: 'run fit learn start',
    whileTyping: true,
    enabled: () => trainingObstacle() ?? true,
    run: async () => {
      // A number that is just typed takes effect when its field is left.
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
      await startTraining();
    },
  },
  'run.both-cells': {
    keywords: 'cells compare twice',
    enabled: () => bothCellsObstacle() ?? true,
    run: trainBothCells,
  },
  'run.pause': onActiveRun(
    'training',
    (phase) => phase === 'training',
    (id) => useRuns.getState().pause(id),
  ),
  'run.continue': onActiveRun(
    'resume training',
    (phase) => phase === 'paused',
    (id) => useRuns.getState().continueRun(id),
  ),
  'run.stop': onActiveRun(
    'end training checkpoint',
    () => true,
    (id) => useRuns.getState().stop(id),
  ),
  'run.show': onActiveRun(
    'curves',
    () => true,
    async (id) => {
      useRuns.getState().select(id);
      useStudio.getState().setView('train');
    },
  ),
  'run.keep-going': {
    keywords: 'more epochs longer train on',
    enabled: () => continuationObstacle('keep-going') ?? true,
    run: () => showContinuation('keep-going'),
  },
  'run.branch': {
    keywords: 'learning rate hyperparameters train on from checkpoint',
    enabled: () => continuationObstacle('branch') ?? true,
    run: () => showContinuation('branch'),
  },
  'run.resume': {
    keywords: 'stopped failed crashed go on',
    enabled: () => resumeObstacle() ?? true,
    run: async () => {
      const run = shownRun();
      if (run === null) return;
      useStudio.getState().setView('train');
      await useRuns.getState().resume(run.id);
    },
  },
  'run.again': {
    keywords: 'new run repeat',
    enabled: () => {
      const run = shownRun();
      if (run === null) return 'There is no run yet.';
      if (run.state.phase !== 'done' && run.state.phase !== 'failed')
        return 'The run has not ended.';
      return trainingObstacle() ?? true;
    },
    run: async () => {
      await startTraining();
    },
  },
  'run.try': {
    keywords: 'playground predict shown run',
    enabled: () => {
      const run = shownRun();
      if (run === null) return 'There is no run yet.';
      return run.state.phase === 'done' || 'The run has not ended.';
    },
    run: () => {
      const run = shownRun();
      if (run === null) return;
      useRuns.getState().select(run.id);
      useStudio.getState().setView('playground');
    },
  },
  'run.trash': {
    keywords: 'deleted restore open',
    enabled: hasProject,
    run: () => {
      useCompare.getState().setComparing(false);
      useStudio.getState().setView('runs');
      useRunList.getState().setTrashOpen(true);
    },
  },
  'help.palette': { whileTyping: true, inDialogs: true, run: overlay('palette') },
  'help.shortcuts': { keywords: 'keys', run: overlay('shortcuts') },
  'help.glossary': { keywords: 'terms words meaning explain', run: overlay('glossary') },
  'help.about': { keywords: 'version licence credits bug report', run: overlay('about') },
};

/** Every command of the menus, in their order, and the keys of charts. Call once. */
export function registerAppCommands(): void {
  registerCommands(
    menuTitles.flatMap((group) =>
      menus[group]
        .filter((id) => id !== 'separator')
        .map((id) => menuCommand(id, group, doings[id])),
    ),
  );
  registerKeyHints(chartKeyHints);
}

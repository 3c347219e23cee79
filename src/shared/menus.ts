/** The application's commands and menus as data: the window's menu bar and Electron's native menu read them. */

export interface MenuCommand {
  /** As a button or a menu says it; ends with `…` where a choice follows. */
  readonly title: string;
  /** `Mod` is Ctrl, or ⌘ on a Mac. The first is shown; each works. */
  readonly shortcuts?: readonly string[];
  /** One of several choices: the menu marks the one that holds. */
  readonly choice?: true;
}

export const menuCommands = {
  'file.new': { title: 'New…' },
  'file.open': { title: 'Projects and examples…', shortcuts: ['Mod+O'] },
  'file.save': { title: 'Save now', shortcuts: ['Mod+S'] },
  'file.duplicate': { title: 'Duplicate' },
  'file.import': { title: 'Import a project (.unroll.zip)…' },
  'file.import-data': { title: 'Import data…' },
  'file.export': { title: 'Export the newest run…' },
  'file.settings': { title: 'Settings', shortcuts: ['Mod+,'] },
  'edit.undo': { title: 'Undo', shortcuts: ['Mod+Z'] },
  'edit.redo': { title: 'Redo', shortcuts: ['Mod+Shift+Z', 'Mod+Y'] },
  'view.design': { title: 'Design', shortcuts: ['1'], choice: true },
  'view.data': { title: 'Data', shortcuts: ['2'], choice: true },
  'view.train': { title: 'Train', shortcuts: ['3'], choice: true },
  'view.runs': { title: 'Runs', shortcuts: ['4'], choice: true },
  'view.playground': { title: 'Playground', shortcuts: ['5'], choice: true },
  'view.code': { title: 'Show or hide the code', shortcuts: ['Mod+E'] },
  'view.problems': { title: 'Show or hide the problems', shortcuts: ['Mod+J'] },
  'curves.next-tab': { title: 'Next tab of the run', shortcuts: ['.'] },
  'curves.previous-tab': { title: 'Previous tab of the run', shortcuts: [','] },
  'curves.smoother': { title: 'Smooth the curves more', shortcuts: ['S'] },
  'curves.rougher': { title: 'Smooth the curves less', shortcuts: ['Shift+S'] },
  'curves.raw': { title: 'Don’t smooth the curves' },
  'curves.linear': { title: 'Loss: linear scale', choice: true },
  'curves.log': { title: 'Loss: log scale', choice: true },
  'curves.fit': { title: 'Epochs: fit the curves', choice: true },
  'curves.whole': { title: 'Epochs: whole run', choice: true },
  'view.theme-system': { title: 'Theme: as the system', choice: true },
  'view.theme-light': { title: 'Theme: light', choice: true },
  'view.theme-dark': { title: 'Theme: dark', choice: true },
  'run.start': { title: 'Train', shortcuts: ['Mod+Enter'] },
  'run.both-cells': { title: 'LSTM vs GRU: train and compare both' },
  'run.pause': { title: 'Pause' },
  'run.continue': { title: 'Resume' },
  'run.stop': { title: 'Stop' },
  'run.show': { title: 'Show the run' },
  'run.keep-going': { title: 'Keep going…' },
  'run.branch': { title: 'Branch…' },
  'run.resume': { title: 'Resume from the checkpoint' },
  'run.again': { title: 'Train again' },
  'run.try': { title: 'Try it' },
  'run.trash': { title: 'Trash of runs' },
  'help.palette': { title: 'Command palette…', shortcuts: ['Mod+K'] },
  'help.shortcuts': { title: 'Keyboard shortcuts', shortcuts: ['?'] },
  'help.glossary': { title: 'Glossary' },
  'help.about': { title: 'About Unroll Studio' },
} as const satisfies Record<string, MenuCommand>;

export type MenuCommandId = keyof typeof menuCommands;

export const menuTitles = ['File', 'Edit', 'View', 'Run', 'Help'] as const;
export type MenuTitle = (typeof menuTitles)[number];

/** What the View menu has besides while a run is shown. */
export const runViewMenu = [
  'curves.next-tab',
  'curves.previous-tab',
  'separator',
  'curves.smoother',
  'curves.rougher',
  'curves.raw',
  'separator',
  'curves.linear',
  'curves.log',
  'separator',
  'curves.fit',
  'curves.whole',
] as const satisfies readonly (MenuCommandId | 'separator')[];
export type RunViewCommandId = Exclude<(typeof runViewMenu)[number], 'separator'>;

/** Those that are always there. */
export type AppCommandId = Exclude<MenuCommandId, RunViewCommandId>;

export const menus: Record<MenuTitle, readonly (AppCommandId | 'separator')[]> = {
  File: [
    'file.new',
    'file.open',
    'separator',
    'file.save',
    'file.duplicate',
    'separator',
    'file.import',
    'file.import-data',
    'file.export',
    'separator',
    'file.settings',
  ],
  Edit: ['edit.undo', 'edit.redo'],
  View: [
    'view.design',
    'view.data',
    'view.train',
    'view.runs',
    'view.playground',
    'separator',
    'view.code',
    'view.problems',
    'separator',
    'view.theme-system',
    'view.theme-light',
    'view.theme-dark',
  ],
  Run: [
    'run.start',
    'run.both-cells',
    'run.show',
    'separator',
    'run.pause',
    'run.continue',
    'run.stop',
    'separator',
    'run.resume',
    'run.keep-going',
    'run.branch',
    'run.again',
    'separator',
    'run.try',
    'run.trash',
  ],
  Help: ['help.palette', 'help.shortcuts', 'help.glossary', 'separator', 'help.about'],
};

export const isMenuCommand = (id: string): id is MenuCommandId => Object.hasOwn(menuCommands, id);

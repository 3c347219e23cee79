/** The application menu: the commands of shared/menus, and what only the application can do. */
import { Menu, dialog, shell, type BrowserWindow, type MenuItemConstructorOptions } from 'electron';
import {
  menuCommands,
  menus,
  menuTitles,
  runViewMenu,
  type MenuCommand,
  type MenuCommandId,
  type MenuTitle,
} from '#shared/menus';
import type { Studio } from '../studio.js';

async function chooseProject(window: BrowserWindow): Promise<string | undefined> {
  const { filePaths } = await dialog.showOpenDialog(window, {
    title: 'Open a project',
    // macOS takes only the last part of an extension.
    filters: [{ name: 'Unroll Studio project', extensions: ['json'] }],
    properties: ['openFile'],
  });
  return filePaths[0];
}

/** @param studio runs the commands and shows project files, in the window. */
export function setMenu(
  window: BrowserWindow,
  workspace: string,
  studio: Pick<Studio, 'open' | 'command'>,
): void {
  const mac = process.platform === 'darwin';
  const item = (id: MenuCommandId): MenuItemConstructorOptions => {
    const { title, shortcuts = [] }: MenuCommand = menuCommands[id];
    const accelerator = shortcuts.find((shortcut) => shortcut.startsWith('Mod+'));
    return {
      label: title,
      // Shown here, handled in the page: it knows whether text is being typed.
      ...(accelerator === undefined
        ? {}
        : { accelerator: accelerator.replace('Mod', 'CmdOrCtrl'), registerAccelerator: false }),
      // A file chooser opens in the page only after a click; one in this menu counts as such.
      click: () =>
        void window.webContents.executeJavaScript('void 0', true).then(() => studio.command(id)),
    };
  };
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  const items = (ids: readonly (MenuCommandId | 'separator')[]): MenuItemConstructorOptions[] =>
    ids.map((id) => (id === 'separator' ? separator : item(id)));
  const own: Record<MenuTitle, MenuItemConstructorOptions[]> = {
    File: [
      {
        label: 'Open a project file…',
        click: () =>
          void chooseProject(window).then((path) => {
            if (path !== undefined) studio.open(path);
          }),
      },
      { label: 'Show workspace folder', click: () => void shell.openPath(workspace) },
      separator,
      { role: mac ? 'close' : 'quit' },
    ],
    Edit: [{ role: 'cut' }, { role: 'copy' }, { role: 'paste' }, { role: 'selectAll' }],
    View: [
      { label: 'Run', submenu: items(runViewMenu) },
      separator,
      { label: 'Reload', click: () => window.webContents.reload() },
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { role: 'togglefullscreen' },
      { role: 'toggleDevTools' },
    ],
    Run: [],
    Help: [],
  };
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...(mac ? [{ role: 'appMenu' } as const] : []),
      ...menuTitles.map((title) => ({
        label: title,
        submenu: [
          ...items(menus[title]),
          ...(own[title].length > 0 ? [separator, ...own[title]] : []),
        ],
      })),
      { role: 'windowMenu' } as const,
    ]),
  );
}

/** The application menu. Editing a project has its keys in the window itself. */
import { Menu, dialog, shell, type BrowserWindow, type MenuItemConstructorOptions } from 'electron';

async function chooseProject(window: BrowserWindow): Promise<string | undefined> {
  const { filePaths } = await dialog.showOpenDialog(window, {
    title: 'Open a project',
    // macOS takes only the last part of an extension.
    filters: [{ name: 'Unroll Studio project', extensions: ['json'] }],
    properties: ['openFile'],
  });
  return filePaths[0];
}

/** @param open shows a project file in the window. */
export function setMenu(
  window: BrowserWindow,
  workspace: string,
  open: (path: string) => void,
): void {
  const mac = process.platform === 'darwin';
  const template: MenuItemConstructorOptions[] = [
    ...(mac ? [{ role: 'appMenu' } as const] : []),
    {
      label: 'File',
      submenu: [
        {
          label: 'Open…',
          accelerator: 'CmdOrCtrl+O',
          click: () =>
            void chooseProject(window).then((path) => {
              if (path !== undefined) open(path);
            }),
        },
        {
          label: 'Show workspace folder',
          click: () => void shell.openPath(workspace),
        },
        { type: 'separator' },
        { role: mac ? 'close' : 'quit' },
      ],
    },
    {
      label: 'Edit',
      submenu: [{ role: 'cut' }, { role: 'copy' }, { role: 'paste' }, { role: 'selectAll' }],
    },
    {
      label: 'View',
      submenu: [
        { label: 'Reload', click: () => window.webContents.reload() },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        { role: 'toggleDevTools' },
      ],
    },
    { role: 'windowMenu' },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

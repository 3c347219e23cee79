/** The desktop application: one window on the studio. Everything but the window is in the layer above. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app, BrowserWindow, dialog, shell } from 'electron';
import { formatError, StudioError, toWireError } from '#shared/errors';
import { appRoot, iconPath, rendererFolder } from '../app-paths.js';
import { checkWorkspace, openSettings, type SettingsStore } from '../settings.js';
import { createStudio, type Desktop, type Studio } from '../studio.js';
import { defaultWorkspace, workspacePath } from '../workspace.js';
import { setMenu } from './menu.js';
import { askBeforeLosingEdits } from './unsaved.js';
import { utilityEngine } from './utility-engine.js';
import { bridgeWindow } from './window-port.js';

const page = pathToFileURL(join(rendererFolder, 'index.html')).href;
/** Set by `electron-vite dev`. */
const developmentUrl = process.env['ELECTRON_RENDERER_URL'];

const isStudioPage = (url: string): boolean =>
  developmentUrl === undefined
    ? url.split(/[?#]/)[0] === page
    : new URL(url).origin === new URL(developmentUrl).origin;

async function openWindow(studio: Studio, workspace: string): Promise<BrowserWindow> {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    minWidth: 1024,
    minHeight: 640,
    title: 'Unroll Studio',
    show: false,
    ...(existsSync(iconPath) ? { icon: iconPath } : {}),
    webPreferences: {
      preload: join(appRoot, 'out', 'preload', 'index.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
    },
  });
  window.once('ready-to-show', () => window.show());
  bridgeWindow(window.webContents, isStudioPage, (port) => studio.attach(port));
  askBeforeLosingEdits(window);
  window.webContents.on('will-navigate', (event) => {
    if (!isStudioPage(event.url)) event.preventDefault();
  });
  window.webContents.setWindowOpenHandler(({ url }) => {
    // Links to papers and licences open in the browser; nothing opens in the application.
    if (url.startsWith('https://')) void shell.openExternal(url);
    return { action: 'deny' };
  });
  window.webContents.session.setPermissionRequestHandler((_contents, _permission, answer) =>
    answer(false),
  );
  setMenu(window, workspace, studio);
  await window.loadURL(developmentUrl ?? page);
  return window;
}

const workspaceAsked = Boolean(process.env['UNROLL_WORKSPACE']);

const desktop: Desktop = {
  async showFolder(path) {
    const problem = await shell.openPath(path);
    if (problem !== '')
      throw new StudioError('no-file-manager', problem, `The folder is "${path}".`);
  },
  async chooseFolder() {
    const { filePaths } = await dialog.showOpenDialog({
      properties: ['openDirectory', 'createDirectory'],
    });
    return filePaths[0] ?? null;
  },
};

/** The folder of this start; null where the one that is set can't be used and the person gives up. */
async function chooseWorkspace(settings: SettingsStore): Promise<string | null> {
  const { workspace } = settings.current();
  if (workspaceAsked || workspace === null) return workspacePath();
  try {
    await checkWorkspace(workspace);
    return workspace;
  } catch (error) {
    const { response } = await dialog.showMessageBox({
      type: 'warning',
      message: 'The workspace folder of your settings can not be used.',
      detail: formatError(toWireError(error)),
      buttons: [`Use "${defaultWorkspace}" this time`, 'Quit'],
      defaultId: 0,
      cancelId: 1,
      noLink: true,
    });
    return response === 0 ? defaultWorkspace : null;
  }
}

async function start(): Promise<void> {
  await app.whenReady();
  const settings = await openSettings();
  const workspace = await chooseWorkspace(settings);
  if (workspace === null) {
    app.exit(1);
    return;
  }
  let studio: Studio;
  try {
    studio = await createStudio({
      workspace,
      workspaceAsked,
      settings,
      desktop,
      host: 'electron',
      engineSpawn: utilityEngine,
      log: (line) => console.error(line),
    });
  } catch (error) {
    dialog.showErrorBox('Unroll Studio can not start', formatError(toWireError(error)));
    app.exit(1);
    return;
  }

  let state: 'open' | 'closing' | 'closed' = 'open';
  // After the windows are gone: one that stays open for its edits keeps the studio.
  app.on('will-quit', (event) => {
    if (state === 'closed') return;
    event.preventDefault();
    if (state === 'closing') return;
    state = 'closing';
    // A run that trains stops with a checkpoint first.
    studio.close().finally(() => {
      state = 'closed';
      app.quit();
    });
  });
  app.on('window-all-closed', () => app.quit());
  app.on('second-instance', () => {
    const [window] = BrowserWindow.getAllWindows();
    if (window === undefined) return;
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  await openWindow(studio, workspace);
}

// Two applications on one workspace would train over each other. The lock belongs to the folder of the
// window's own data (theme, caches), so a workspace that was asked for has one of its own.
if (workspaceAsked) {
  const own = join(workspacePath(), '.window');
  try {
    mkdirSync(own, { recursive: true });
    app.setPath('userData', own);
  } catch {
    // Opening the workspace will tell why.
  }
}
if (app.requestSingleInstanceLock()) {
  start().catch((error: unknown) => {
    console.error(error);
    app.exit(1);
  });
} else {
  app.quit();
}

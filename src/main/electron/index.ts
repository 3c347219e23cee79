/** The desktop application: one window on the studio. Everything but the window is in the layer above. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app, BrowserWindow, dialog, shell } from 'electron';
import { formatError, toWireError } from '#shared/errors';
import { appRoot, iconPath, rendererFolder } from '../app-paths.js';
import { createStudio, type Studio } from '../studio.js';
import { workspacePath } from '../workspace.js';
import { setMenu } from './menu.js';
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
  setMenu(window, workspace);
  await window.loadURL(developmentUrl ?? page);
  return window;
}

async function start(): Promise<void> {
  await app.whenReady();
  const workspace = workspacePath();
  let studio: Studio;
  try {
    studio = await createStudio({
      workspace,
      host: 'electron',
      engineSpawn: utilityEngine,
      log: (line) => console.error(line),
    });
  } catch (error) {
    dialog.showErrorBox('Unroll Studio can not start', formatError(toWireError(error)));
    app.exit(1);
    return;
  }

  let closed = false;
  app.on('before-quit', (event) => {
    if (closed) return;
    // A run that trains stops with a checkpoint first.
    event.preventDefault();
    studio.close().finally(() => {
      closed = true;
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

// Two applications on one workspace would train over each other.
if (app.requestSingleInstanceLock()) {
  start().catch((error: unknown) => {
    console.error(error);
    app.exit(1);
  });
} else {
  app.quit();
}

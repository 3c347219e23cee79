/** A window's bridge as a port. The sender of every message is checked here, and nowhere else. */
import { ipcMain, type IpcMainEvent, type WebContents } from 'electron';
import type { Port } from '#shared/ipc/channel';

/**
 * Attaches the window's page, and again each time it is loaded anew.
 * @param trusted whether this address is the studio's own page.
 */
export function bridgeWindow(
  contents: WebContents,
  trusted: (url: string) => boolean,
  attach: (port: Port) => void,
): void {
  let endPage: ((reason: string) => void) | null = null;
  let toPage: ((message: unknown) => void) | null = null;

  const fromOurPage = (event: IpcMainEvent): boolean =>
    event.sender === contents &&
    event.senderFrame === contents.mainFrame &&
    trusted(event.senderFrame.url);

  const openPage = (): void => {
    endPage?.('the page was loaded anew');
    const messageListeners = new Set<(message: unknown) => void>();
    const closeListeners = new Set<(reason: string) => void>();
    let open = true;
    const end = (reason: string): void => {
      if (!open) return;
      open = false;
      for (const listener of [...closeListeners]) listener(reason);
    };
    endPage = end;
    toPage = (message) => {
      for (const listener of [...messageListeners]) listener(message);
    };
    attach({
      send(message) {
        if (open && !contents.isDestroyed()) contents.send('unroll:message', message);
      },
      onMessage(listener) {
        messageListeners.add(listener);
        return () => messageListeners.delete(listener);
      },
      onClose(listener) {
        closeListeners.add(listener);
        return () => closeListeners.delete(listener);
      },
      close() {
        if (open && !contents.isDestroyed()) contents.send('unroll:close', 'the studio is closing');
        end('closed');
      },
    });
  };

  const onOpen = (event: IpcMainEvent): void => {
    if (fromOurPage(event)) openPage();
  };
  const onMessage = (event: IpcMainEvent, message: unknown): void => {
    if (fromOurPage(event)) toPage?.(message);
  };
  ipcMain.on('unroll:open', onOpen);
  ipcMain.on('unroll:message', onMessage);
  contents.once('destroyed', () => {
    ipcMain.off('unroll:open', onOpen);
    ipcMain.off('unroll:message', onMessage);
    endPage?.('the window was closed');
  });
  contents.on('render-process-gone', (_event, { reason }) => endPage?.(reason));
}

/**
 * The bridge between the window and main: messages of the studio contract and nothing else. The page gets
 * no other way to the system; main parses every message and checks its sender.
 */
import { contextBridge, ipcRenderer } from 'electron';

// A page that is loaded anew starts a new conversation: main drops what the page before it had asked.
ipcRenderer.send('unroll:open');

contextBridge.exposeInMainWorld('unroll', {
  send(message: unknown): void {
    ipcRenderer.send('unroll:message', message);
  },
  onMessage(listener: (message: unknown) => void): () => void {
    const receive = (_event: unknown, message: unknown): void => listener(message);
    ipcRenderer.on('unroll:message', receive);
    return () => ipcRenderer.off('unroll:message', receive);
  },
  /** Main closes the conversation only when the application ends. */
  onClose(listener: (reason: string) => void): () => void {
    const receive = (_event: unknown, reason: unknown): void => listener(String(reason));
    ipcRenderer.on('unroll:close', receive);
    return () => ipcRenderer.off('unroll:close', receive);
  },
});

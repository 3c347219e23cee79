/** How the window reaches main: the Electron bridge where there is one, a WebSocket otherwise. */
import type { Port } from '#shared/ipc/channel';
import { createConnection } from './client.js';

/** What the preload script exposes as `window.unroll`. */
export interface UnrollBridge {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): () => void;
  onClose(listener: (reason: string) => void): () => void;
}

declare global {
  interface Window {
    unroll?: UnrollBridge;
  }
}

const bridgePort = (bridge: UnrollBridge): Port => ({
  send: (message) => bridge.send(message),
  onMessage: (listener) => bridge.onMessage(listener),
  onClose: (listener) => bridge.onClose(listener),
  close: () => {},
});

/** Resolves once the socket is open. Frames are JSON; a frame that is not JSON is ignored. */
function webSocketPort(url: string): Promise<Port> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    const closeListeners = new Set<(reason: string) => void>();
    let closedWith: string | null = null;
    socket.addEventListener('open', () =>
      resolve({
        send(message) {
          if (socket.readyState !== WebSocket.OPEN) throw new Error('the connection is closed');
          socket.send(JSON.stringify(message));
        },
        onMessage(listener) {
          const receive = (event: MessageEvent): void => {
            if (typeof event.data !== 'string') return;
            let message: unknown;
            try {
              message = JSON.parse(event.data);
            } catch {
              return;
            }
            listener(message);
          };
          socket.addEventListener('message', receive);
          return () => socket.removeEventListener('message', receive);
        },
        onClose(listener) {
          if (closedWith !== null) listener(closedWith);
          closeListeners.add(listener);
          return () => closeListeners.delete(listener);
        },
        close: () => socket.close(),
      }),
    );
    socket.addEventListener('close', (event) => {
      const reason =
        event.reason !== '' ? event.reason : `no answer from ${new URL(url).host} (${event.code})`;
      closedWith = reason;
      reject(new Error(reason));
      for (const listener of [...closeListeners]) listener(reason);
    });
  });
}

function openPort(): Promise<Port> {
  if (window.unroll !== undefined) return Promise.resolve(bridgePort(window.unroll));
  const url = new URL('/ws', location.href);
  url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
  url.searchParams.set('token', new URLSearchParams(location.search).get('token') ?? '');
  return webSocketPort(url.href);
}

/** The connection of this window; `main.tsx` starts it. */
export const client = createConnection(openPort);

/**
 * The window's one connection to main. In Electron it runs over the preload bridge, in a browser over a
 * WebSocket that reconnects with back-off. Callers keep one object through all of that: listeners move
 * to the new connection, requests in flight reject with `peer-closed`, requests made while the host is
 * away reject with `not-connected`.
 */
import { StudioError } from '#shared/errors';
import { createClient, type Port } from '#shared/ipc/channel';
import { studioContract, type StudioClient } from '#shared/ipc/studio';

export type ConnectionStatus =
  { phase: 'connecting' } | { phase: 'open' } | { phase: 'away'; reason: string; attempt: number };

export interface StudioConnection extends Pick<StudioClient, 'request' | 'listen'> {
  /** Opens the connection; further calls do nothing. */
  start(): void;
  status(): ConnectionStatus;
  onStatus(listener: (status: ConnectionStatus) => void): () => void;
  /** Ends the wait before the next attempt. */
  retry(): void;
  close(): void;
}

const backOffMilliseconds = [250, 500, 1000, 2000, 4000, 8000];

/** @param open resolves with a working port or rejects with the reason. */
export function createConnection(open: () => Promise<Port>): StudioConnection {
  let status: ConnectionStatus = { phase: 'connecting' };
  let started = false;
  let closed = false;
  let client: StudioClient | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let attempt = 0;
  /** Requests made before the very first connection. */
  let waiting: { resolve: (client: StudioClient) => void; reject: (error: Error) => void }[] = [];
  const statusListeners = new Set<(status: ConnectionStatus) => void>();
  const subscriptions = new Set<{
    attach: (client: StudioClient) => () => void;
    detach: () => void;
  }>();

  const setStatus = (next: ConnectionStatus): void => {
    status = next;
    for (const listener of [...statusListeners]) listener(next);
  };

  const lost = (reason: string): void => {
    client = null;
    if (closed) return;
    const wait = backOffMilliseconds[Math.min(attempt, backOffMilliseconds.length - 1)];
    attempt += 1;
    for (const { reject } of waiting) reject(notConnected(reason));
    waiting = [];
    setStatus({ phase: 'away', reason, attempt });
    timer = setTimeout(connect, wait);
  };

  const connect = (): void => {
    timer = null;
    open().then(
      (port) => {
        if (closed) {
          port.close();
          return;
        }
        attempt = 0;
        const fresh = createClient(studioContract, port);
        client = fresh;
        fresh.onClose(lost);
        for (const subscription of subscriptions) subscription.detach = subscription.attach(fresh);
        for (const { resolve } of waiting) resolve(fresh);
        waiting = [];
        setStatus({ phase: 'open' });
      },
      (error: unknown) => lost(error instanceof Error ? error.message : String(error)),
    );
  };

  const notConnected = (reason: string): StudioError =>
    new StudioError(
      'not-connected',
      `The studio is not connected: ${reason}`,
      'It reconnects by itself; if it does not, start `unroll serve` again and reload the page.',
    );

  return {
    start() {
      if (started) return;
      started = true;
      connect();
    },
    async request(name, input) {
      if (client !== null) return client.request(name, input);
      if (status.phase === 'away') throw notConnected(status.reason);
      const first = await new Promise<StudioClient>((resolve, reject) => {
        waiting.push({ resolve, reject });
      });
      return first.request(name, input);
    },
    listen(name, listener) {
      const subscription = {
        attach: (to: StudioClient) => to.listen(name, listener),
        detach: () => {},
      };
      if (client !== null) subscription.detach = subscription.attach(client);
      subscriptions.add(subscription);
      return () => {
        subscriptions.delete(subscription);
        subscription.detach();
      };
    },
    status: () => status,
    onStatus(listener) {
      statusListeners.add(listener);
      return () => statusListeners.delete(listener);
    },
    retry() {
      if (timer === null) return;
      clearTimeout(timer);
      connect();
    },
    close() {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      client?.close();
    },
  };
}

/** A real connection for tests: both ends of the wire in one process, messages through JSON. */
import type { Port } from '#shared/ipc/channel';
import { serve, type Server } from '#shared/ipc/channel';
import { studioContract, type StudioContract, type StudioHandlers } from '#shared/ipc/studio';
import { createConnection, type StudioConnection } from './client.js';

/** Two ports that talk to each other; closing one closes both. */
function portPair(): [Port, Port] {
  const ends = [0, 1].map(() => ({
    messages: new Set<(message: unknown) => void>(),
    closes: new Set<(reason: string) => void>(),
  }));
  let open = true;
  const port = (mine: number, other: number): Port => ({
    send(message) {
      if (!open) throw new Error('the connection is closed');
      const copy: unknown = JSON.parse(JSON.stringify(message));
      queueMicrotask(() => {
        if (open) for (const listener of [...(ends[other]?.messages ?? [])]) listener(copy);
      });
    },
    onMessage(listener) {
      ends[mine]?.messages.add(listener);
      return () => ends[mine]?.messages.delete(listener);
    },
    onClose(listener) {
      ends[mine]?.closes.add(listener);
      return () => ends[mine]?.closes.delete(listener);
    },
    close() {
      if (!open) return;
      open = false;
      for (const end of ends) for (const listener of [...end.closes]) listener('closed in a test');
    },
  });
  return [port(0, 1), port(1, 0)];
}

export interface TestHost {
  connection: StudioConnection;
  /** The server of the newest connection. */
  server(): Server<StudioContract>;
  /** While true, new connections are refused. */
  setDown(down: boolean): void;
}

/** A connection to handlers; a request without a handler is a defect of the test. */
export function testHost(handlers: Partial<StudioHandlers>): TestHost {
  let server: Server<StudioContract> | null = null;
  let down = false;
  const missing = new Proxy(handlers, {
    get: (target, name) =>
      Reflect.get(target, name) ??
      (() => {
        throw new Error(`no handler for ${String(name)} in this test`);
      }),
  }) as StudioHandlers;
  const connection = createConnection(() => {
    if (down) return Promise.reject(new Error('refused in a test'));
    const [here, there] = portPair();
    server = serve(studioContract, there, missing);
    return Promise.resolve(here);
  });
  return {
    connection,
    server() {
      if (server === null) throw new Error('not connected yet');
      return server;
    },
    setDown: (value) => {
      down = value;
    },
  };
}

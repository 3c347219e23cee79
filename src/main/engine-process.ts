/** The engine as a process: what a host must be able to start. Electron has a strategy of its own. */
import { fork, type ChildProcess } from 'node:child_process';
import type { Port } from '#shared/ipc/channel';

export interface EngineProcess {
  /** Closes when the process has ended, with `exit code 1` or `killed by SIGKILL` as the reason. */
  port: Port;
  pid: number | undefined;
  /** Ends it at once; the port closes when it is gone. */
  kill(): void;
}

/** @param log gets what the engine prints, line by line. */
export type EngineSpawn = (path: string, log: (line: string) => void) => EngineProcess;

/** `child_process.fork` with structured clones, for `unroll serve` and the command line. */
export const forkEngine: EngineSpawn = (path, log) => {
  const child = fork(path, [], {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // A process group of its own: Ctrl-C in the terminal reaches main only, which lets the engine write
    // its checkpoint. When main goes, the engine sees `disconnect` and ends. On Windows `detached` would
    // open a console; there the engine ignores Ctrl-C itself.
    detached: process.platform !== 'win32',
  });
  for (const stream of [child.stdout, child.stderr]) if (stream) forwardLines(stream, log);

  const killOnExit = (): void => void child.kill('SIGKILL');
  process.once('exit', killOnExit);

  return {
    port: childPort(child, () => process.off('exit', killOnExit)),
    pid: child.pid,
    kill: () => void child.kill('SIGKILL'),
  };
};

function childPort(child: ChildProcess, onGone: () => void): Port {
  const closeListeners = new Set<(reason: string) => void>();
  let closed: string | null = null;
  const close = (reason: string): void => {
    if (closed !== null) return;
    closed = reason;
    onGone();
    for (const listener of [...closeListeners]) listener(reason);
  };
  child.on('exit', (code, signal) => {
    const reason = signal === null ? `exit code ${code}` : `killed by ${signal}`;
    // `close` comes when its last messages and lines were read; a grandchild could hold it up for ever.
    child.once('close', () => close(reason));
    setTimeout(close, 500, reason).unref();
  });
  // A process that can't be started, and a message that can't be sent because the process is ending:
  // `exit` follows the second, never the first.
  child.on('error', (error) => {
    if (child.pid === undefined) close(error.message);
  });
  return {
    send(message) {
      if (closed !== null || !child.connected) throw new Error(closed ?? 'it is ending');
      // `send` wants a type of its own; what travels here is checked on arrival.
      child.send(Object(message));
    },
    onMessage(listener) {
      const receive = (message: unknown): void => listener(message);
      child.on('message', receive);
      return () => child.off('message', receive);
    },
    onClose(listener) {
      closeListeners.add(listener);
      return () => closeListeners.delete(listener);
    },
    close: () => {
      if (child.connected) child.disconnect();
    },
  };
}

/** Calls `log` with every whole line, and with the rest at the end. */
export function forwardLines(stream: NodeJS.ReadableStream, log: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string | Buffer) => {
    const lines = `${rest}${chunk.toString()}`.split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) log(line);
  });
  stream.on('end', () => {
    if (rest !== '') log(rest);
  });
}

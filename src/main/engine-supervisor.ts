/**
 * Keeps one engine process alive. A death rejects everything that is pending with `engine-died`, is told
 * to `onDied`, and starts another process after a short wait; three quick deaths in a row end that
 * (`engine-failed`) until `revive` is called.
 */
import { StudioError, type WireError } from '#shared/errors';
import {
  createClient,
  type Client,
  type EventPayload,
  type Input,
  type Output,
} from '#shared/ipc/channel';
import { engineContract, type EngineContract, type EngineSettings } from '#shared/ipc/engine';
import type { EngineProcess, EngineSpawn } from './engine-process.js';

export type EngineStatus = 'starting' | 'ready' | 'restarting' | 'failed';
export interface EngineReport {
  status: EngineStatus;
  error: WireError | null;
}

type Requests = EngineContract['requests'];
type Events = EngineContract['events'];

export interface EngineSupervisor {
  /** Waits while the engine restarts. Rejects with the engine's own error, `engine-died` or `engine-failed`. */
  request<K extends keyof Requests & string>(
    name: K,
    input: Input<EngineContract, K>,
  ): Promise<Output<EngineContract, K>>;
  /** Goes on listening through restarts. */
  listen<K extends keyof Events & string>(
    name: K,
    listener: (payload: EventPayload<EngineContract, K>) => void,
  ): () => void;
  report(): EngineReport;
  onReport(listener: (report: EngineReport) => void): () => void;
  /** Called at once when the engine dies, before pending requests reject. */
  onDied(listener: (error: StudioError) => void): () => void;
  /** Starts again after giving up; does nothing otherwise. */
  revive(): void;
  pid(): number | undefined;
  /** Ends the engine and resolves when its process is gone. */
  dispose(): Promise<void>;
}

export interface SupervisorOptions {
  path: string;
  spawn: EngineSpawn;
  /** Told to each process before anything else. Left out: the defaults. */
  settings?: () => EngineSettings;
  /** What the engine prints. */
  log?: (line: string) => void;
  /** Waits before the first, second, … restart in a row, in milliseconds; their number is the limit. */
  backOff?: readonly number[];
  /** A process that lived shorter than this, in milliseconds, counts as a quick death. */
  quickDeath?: number;
}

interface Living {
  process: EngineProcess;
  client: Client<EngineContract>;
  gone: Promise<void>;
}

export function createEngineSupervisor(options: SupervisorOptions): EngineSupervisor {
  const {
    path,
    spawn,
    settings = () => ({ threads: null }),
    log = () => {},
    backOff = [250, 1000],
    quickDeath = 10_000,
  } = options;
  let report: EngineReport = { status: 'starting', error: null };
  let living: Living | null = null;
  let timer: NodeJS.Timeout | null = null;
  let quickDeaths = 0;
  let disposed = false;
  /** Requests made while there is no process. */
  let waiting: { go: (client: Client<EngineContract>) => void; fail: (error: Error) => void }[] =
    [];
  const reportListeners = new Set<(report: EngineReport) => void>();
  const deathListeners = new Set<(error: StudioError) => void>();
  const subscriptions = new Set<(client: Client<EngineContract>) => void>();

  const setReport = (status: EngineStatus, error: WireError | null): void => {
    report = { status, error };
    for (const listener of [...reportListeners]) listener(report);
  };

  const failed = (error: WireError): StudioError =>
    new StudioError('engine-failed', `The engine does not run. ${error.message}`, error.hint);

  function died(reason: string, lived: number, lastLines: string[]): void {
    living = null;
    if (disposed) return;
    const said = lastLines.length === 0 ? '' : ` Its last words: ${lastLines.join(' | ')}`;
    const error = new StudioError(
      'engine-died',
      `The engine process ended unexpectedly (${reason}).${said}`,
      'The studio starts it again.',
    );
    log(error.message);
    quickDeaths = lived < quickDeath ? quickDeaths + 1 : 1;
    const wait = backOff[quickDeaths - 1];
    for (const listener of [...deathListeners]) listener(error);
    if (wait === undefined) {
      const final = new StudioError(
        'engine-failed',
        `The engine process ended ${quickDeaths} times in a row, the last time with ${reason}.${said}`,
        'See the log for its messages. Starting a run tries again; another device may avoid the cause.',
      ).toWire();
      setReport('failed', final);
      for (const { fail } of waiting) fail(failed(final));
      waiting = [];
      return;
    }
    setReport('restarting', error.toWire());
    timer = setTimeout(start, wait);
  }

  function start(): void {
    timer = null;
    const started = Date.now();
    const lastLines: string[] = [];
    let process: EngineProcess;
    try {
      process = spawn(path, (line) => {
        log(line);
        if (line.trim() === '') return;
        lastLines.push(line.trim().slice(0, 300));
        if (lastLines.length > 3) lastLines.shift();
      });
    } catch (error) {
      died(error instanceof Error ? error.message : String(error), 0, []);
      return;
    }
    let onGone = (): void => {};
    const gone = new Promise<void>((resolve) => (onGone = resolve));
    // Before the client listens, so that a run is marked as failed before its pending requests reject.
    process.port.onClose((reason) => {
      onGone();
      died(reason, Date.now() - started, lastLines);
    });
    const client = createClient(engineContract, process.port);
    living = { process, client, gone };
    for (const attach of subscriptions) attach(client);
    // Its first answer says that it is up. An error is an answer too.
    const ready = (): void => {
      if (living?.client === client) setReport('ready', null);
    };
    client.request('engine.configure', settings()).then(ready, (error: unknown) => {
      if (!(error instanceof StudioError && error.code === 'peer-closed')) ready();
    });
    for (const { go } of waiting) go(client);
    waiting = [];
  }

  const nextClient = (): Promise<Client<EngineContract>> => {
    if (living !== null) return Promise.resolve(living.client);
    if (disposed) return Promise.reject(new StudioError('engine-died', 'The studio is closing.'));
    if (report.status === 'failed' && report.error) return Promise.reject(failed(report.error));
    return new Promise((go, fail) => waiting.push({ go, fail }));
  };

  start();

  return {
    async request(name, input) {
      const client = await nextClient();
      try {
        return await client.request(name, input);
      } catch (error) {
        if (!(error instanceof StudioError && error.code === 'peer-closed')) throw error;
        throw new StudioError(
          'engine-died',
          `The engine process ended before it answered "${name}". ${report.error?.message ?? error.message}`,
          'The studio starts it again; try once more.',
        );
      }
    },
    listen(name, listener) {
      let detach = (): void => {};
      const attach = (client: Client<EngineContract>): void => {
        detach = client.listen(name, listener);
      };
      subscriptions.add(attach);
      if (living !== null) attach(living.client);
      return () => {
        subscriptions.delete(attach);
        detach();
      };
    },
    report: () => report,
    onReport(listener) {
      reportListeners.add(listener);
      return () => reportListeners.delete(listener);
    },
    onDied(listener) {
      deathListeners.add(listener);
      return () => deathListeners.delete(listener);
    },
    revive() {
      if (report.status !== 'failed' || disposed) return;
      quickDeaths = 0;
      setReport('restarting', null);
      start();
    },
    pid: () => living?.process.pid,
    async dispose() {
      disposed = true;
      if (timer !== null) clearTimeout(timer);
      for (const { fail } of waiting)
        fail(new StudioError('engine-died', 'The studio is closing.'));
      waiting = [];
      if (living === null) return;
      const { process, gone } = living;
      process.kill();
      await gone;
    },
  };
}

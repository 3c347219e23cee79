/** The engine as a utility process of Electron. */
import { utilityProcess } from 'electron';
import { forwardLines, type EngineSpawn } from '../engine-process.js';

export const utilityEngine: EngineSpawn = (path, log) => {
  const child = utilityProcess.fork(path, [], { serviceName: 'Unroll engine', stdio: 'pipe' });
  for (const stream of [child.stdout, child.stderr]) if (stream) forwardLines(stream, log);
  const closeListeners = new Set<(reason: string) => void>();
  let closed: string | null = null;
  child.on('exit', (code) => {
    closed = `exit code ${code}`;
    for (const listener of [...closeListeners]) listener(closed);
  });
  return {
    pid: child.pid,
    kill: () => void child.kill(),
    port: {
      send(message) {
        if (closed !== null) throw new Error(closed);
        child.postMessage(message);
      },
      onMessage(listener) {
        child.on('message', listener);
        return () => child.off('message', listener);
      },
      onClose(listener) {
        closeListeners.add(listener);
        return () => closeListeners.delete(listener);
      },
      close: () => void child.kill(),
    },
  };
};

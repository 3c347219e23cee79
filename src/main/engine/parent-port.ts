/** The wire to the process that started the engine: Node's fork or Electron's utilityProcess. */
import type { Port } from '#shared/ipc/channel';

/** Electron's `process.parentPort`, as far as it is used; the engine does not import electron. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
  off(event: 'message', listener: (event: { data: unknown }) => void): void;
}

const isParentPort = (value: unknown): value is ParentPort =>
  typeof value === 'object' && value !== null && 'postMessage' in value && 'on' in value;

/** @throws if the process was started by hand: the engine is nothing without a parent. */
export function parentPort(): Port {
  if ('parentPort' in process && isParentPort(process.parentPort))
    return electronPort(process.parentPort);
  if (process.send === undefined)
    throw new Error(
      'The engine is started by Unroll Studio, not by hand: it has no parent process.',
    );
  return forkPort();
}

function forkPort(): Port {
  return {
    send: (message) => {
      // With a callback, a parent that went in this very moment is no error; `disconnect` follows.
      if (process.connected) process.send?.(message, undefined, undefined, () => {});
    },
    onMessage(listener) {
      process.on('message', listener);
      return () => process.off('message', listener);
    },
    onClose(listener) {
      const closed = (): void => listener('the studio ended');
      process.once('disconnect', closed);
      return () => process.off('disconnect', closed);
    },
    close: () => {
      if (process.connected) process.disconnect();
    },
  };
}

/** A utility process is ended with its parent: there is no close to hear of. */
function electronPort(port: ParentPort): Port {
  return {
    send: (message) => port.postMessage(message),
    onMessage(listener) {
      const receive = ({ data }: { data: unknown }): void => listener(data);
      port.on('message', receive);
      return () => port.off('message', receive);
    },
    onClose: () => () => {},
    close: () => process.exit(0),
  };
}

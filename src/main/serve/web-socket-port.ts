/** A WebSocket as a port: one JSON message a frame, with a heartbeat. */
import type { WebSocket } from 'ws';
import type { Port } from '#shared/ipc/channel';

/** A window that answers no ping for two of these intervals is gone, in milliseconds. */
const pingInterval = 30_000;

export function webSocketPort(socket: WebSocket, defect: (error: unknown) => void): Port {
  let alive = true;
  const heartbeat = setInterval(() => {
    if (!alive) {
      socket.terminate();
      return;
    }
    alive = false;
    socket.ping();
  }, pingInterval);
  heartbeat.unref();
  socket.on('pong', () => (alive = true));
  socket.on('message', () => (alive = true));
  socket.on('close', () => clearInterval(heartbeat));
  // A frame that is too large or malformed; `close` follows.
  socket.on('error', defect);
  return {
    send(message) {
      if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
    },
    onMessage(listener) {
      const receive = (data: Buffer | ArrayBuffer | Buffer[], binary: boolean): void => {
        if (binary || !Buffer.isBuffer(data)) return;
        let message: unknown;
        try {
          message = JSON.parse(data.toString('utf8'));
        } catch {
          return;
        }
        listener(message);
      };
      socket.on('message', receive);
      return () => socket.off('message', receive);
    },
    onClose(listener) {
      const closed = (code: number, reason: Buffer): void =>
        listener(reason.length > 0 ? reason.toString() : `code ${code}`);
      socket.on('close', closed);
      return () => socket.off('close', closed);
    },
    close: () => socket.close(1001, 'the studio is closing'),
  };
}

/**
 * The engine process: compiles graphs to TF.js, prepares data, trains and predicts. It is started by main
 * (`child_process.fork` or Electron's `utilityProcess`) and ends with it; see #shared/ipc/engine.
 */
import { enableProdMode } from '@tensorflow/tfjs-core';
import { serve } from '#shared/ipc/channel';
import type { Server } from '#shared/ipc/channel';
import { engineContract } from '#shared/ipc/engine';
import type { EngineContract } from '#shared/ipc/engine';
import { createHandlers } from './handlers.js';
import { parentPort } from './parent-port.js';

const text = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

// Without TF.js' debug checks and its advice to install another package.
enableProdMode();

const port = parentPort();
const server: Server<EngineContract> = serve(
  engineContract,
  port,
  createHandlers({
    runEvent: (payload) => server.emit('run.event', payload),
    generated: (payload) => server.emit('run.generated', payload),
    log: (payload) => server.emit('log', payload),
  }),
  (defect) => server.emit('log', { level: 'error', text: text(defect) }),
);

// Main reads standard error and reports the last lines of an engine that died.
for (const event of ['uncaughtException', 'unhandledRejection'])
  process.on(event, (error: unknown) => {
    process.stderr.write(`${text(error)}\n`, () => process.exit(1));
  });

// Ctrl-C is main's to answer: it stops the run with a checkpoint and then ends the engine. On Windows the
// engine shares main's console and would die of it; elsewhere it has a process group of its own.
process.on('SIGINT', () => {});

// Nobody is left to train for: the run goes on from its last checkpoint when the studio is back.
port.onClose(() => process.exit(0));

/**
 * A small engine that speaks the engine contract and trains nothing: for tests of what main does when the
 * engine misbehaves. The project's name says what a run does: `dies` ends the process after two batches,
 * `hangs` goes on until it is stopped, any other name ends after three batches.
 */
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';

// Started with UNROLL_STUB=dead it ends at once, with last words.
if (process.env.UNROLL_STUB === 'dead') {
  process.stderr.write('no such library\n', () => process.exit(7));
}

const none = { accuracy: null, perplexity: null, meanAbsoluteError: null };
const scores = (loss) => ({
  loss,
  ...none,
  rootMeanSquaredError: null,
  persistenceMeanAbsoluteError: null,
});

let active = null;

const send = (message) => process.connected && process.send(message);

function train({ runId, folder, document, resume }) {
  let step = 0;
  const emit = (event) => {
    if (event.type !== 'preparing')
      appendFileSync(join(folder, 'log.jsonl'), `${JSON.stringify(event)}\n`);
    send({ type: 'event', name: 'run.event', payload: { runId, event } });
  };
  const checkpoint = () => {
    mkdirSync(join(folder, 'checkpoints', String(step)), { recursive: true });
    emit({ type: 'checkpoint', step, epoch: 1 });
  };
  const end = (reason) => {
    clearInterval(active.timer);
    active = null;
    checkpoint();
    emit({
      type: 'done',
      summary: {
        reason,
        epochs: 1,
        bestEpoch: 1,
        step,
        train: scores(1 / step),
        validation: null,
        test: null,
        seconds: 1,
        device: 'cpu',
        parameters: 10,
        peakTensorBytes: 0,
      },
    });
  };
  const pause = () => {
    clearInterval(active.timer);
    checkpoint();
    emit({ type: 'paused', step });
  };
  const batch = () => {
    step += 1;
    emit({
      type: 'batch',
      step,
      epoch: 1,
      batch: step,
      batches: 3,
      loss: 1 / step,
      accuracy: null,
      meanAbsoluteError: null,
      gradientNorm: 1,
      learningRate: 0.1,
      examplesPerSecond: 1,
      tokensPerSecond: 1,
      elapsed: step,
      remaining: null,
    });
    if (step === 1) checkpoint();
    if (document.name === 'dies' && step === 2 && !resume) process.kill(process.pid, 'SIGKILL');
    if (active.stopping) end('stopped');
    else if (step === 3 && document.name !== 'hangs') end('completed');
  };
  emit({ type: 'preparing', step: 'data' });
  if (resume) step = 1;
  emit({
    type: 'started',
    device: 'cpu',
    deviceName: 'stub',
    deviceReason: 'the only one',
    parameters: 10,
    seed: 1,
    epochs: 1,
    batchesPerEpoch: 3,
    fromStep: step,
  });
  active = { runId, stopping: false, pause, end, timer: setInterval(batch, 20) };
}

const handlers = {
  'engine.configure': () => ({}),
  'data.builtin': () => [],
  'devices.list': () => [],
  'data.describe': ({ path }) => ({ path, bytes: 1, format: 'csv', rows: 0, columns: [] }),
  // Never answers.
  'data.preview': () => null,
  'run.start': (input) => {
    setTimeout(train, 1, input);
    return {};
  },
  'run.pause': () => {
    active.pause();
    active.paused = true;
    return {};
  },
  'run.stop': () => {
    active.stopping = true;
    if (active.paused) active.end('stopped');
    return {};
  },
};

process.on('message', ({ id, name, input }) => {
  const output = handlers[name](input);
  if (output !== null) send({ type: 'result', id, output });
});
process.on('disconnect', () => process.exit(0));

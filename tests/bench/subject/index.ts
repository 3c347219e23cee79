/** A subject's process: answers requests (protocol.ts) until its standard input ends. */
import { createInterface } from 'node:readline';
import { performance } from 'node:perf_hooks';
import * as tf from '@tensorflow/tfjs-core';
import { readArrays, writeArrays } from '../arrays.js';
import type { Answer, Request } from './protocol.js';
import { Unsupported } from './runtime.js';
import type { Prepared, Runtime } from './runtime.js';

// Standard output is the channel; whatever a library prints goes to standard error.
console.log = console.info = console.error;

let runtime: Runtime | null = null;
let prepared: Prepared | null = null;

function need<T>(value: T | null, what: string): T {
  if (value === null) throw new Error(`${what} first`);
  return value;
}

async function open(subject: string): Promise<Runtime> {
  const [kind, id = ''] = subject.split(':');
  if (kind === 'ours') return (await import('./ours.js')).openOurs(id);
  if (kind === 'stock') return (await import('./stock.js')).openStock(id);
  throw new Error(`no subject "${subject}"`);
}

async function time(iterations: number): Promise<number> {
  const { run } = need(prepared, 'prepare a case');
  const { drain } = need(runtime, 'open a device');
  await drain();
  const start = performance.now();
  for (let i = 0; i < iterations; i++) await run();
  await drain();
  return (performance.now() - start) / iterations;
}

async function matmul(size: number): Promise<number> {
  const { drain } = need(runtime, 'open a device');
  const a = tf.randomUniform<tf.Rank.R2>([size, size], -1, 1);
  let best = Infinity;
  for (let i = 0; i < 6; i++) {
    await drain();
    const start = performance.now();
    const product = tf.matMul(a, a);
    await drain();
    best = Math.min(best, performance.now() - start);
    product.dispose();
  }
  a.dispose();
  return (2 * size ** 3) / best / 1e6;
}

async function answer(request: Request): Promise<Answer> {
  switch (request.ask) {
    case 'open': {
      runtime = await open(request.subject);
      return { answer: 'opened', name: runtime.name, version: runtime.version };
    }
    case 'prepare': {
      prepared?.dispose();
      prepared = null;
      const { drain, prepare } = need(runtime, 'open a device');
      prepared = await prepare(request.spec, await readArrays(request.inputs));
      await drain();
      await writeArrays(request.outputs, prepared.results);
      prepared.results = {};
      return { answer: 'done' };
    }
    case 'time':
      return { answer: 'timed', milliseconds: await time(request.iterations) };
    case 'matmul':
      return { answer: 'speed', gflops: await matmul(request.size) };
    case 'memory':
      return { answer: 'bytes', bytes: process.resourceUsage().maxRSS * 1024 };
    case 'release':
      prepared?.dispose();
      prepared = null;
      return { answer: 'done' };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const request: Request = JSON.parse(line);
  let reply: Answer;
  try {
    reply = await answer(request);
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    reply =
      error instanceof Unsupported
        ? { answer: 'unsupported', reason: error.message }
        : { answer: 'failed', message };
  }
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
process.exit(0);

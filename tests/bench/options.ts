import { parseArgs } from 'node:util';
import { variants } from '../../src/main/engine/kernels/recurrent-cases.js';
import type { Variant } from '../../src/main/engine/kernels/recurrent-cases.js';

export const usage = `npm run bench -- [options]

  --quick            small cases, few rounds: does everything work, and roughly how fast
  --case TEXT        only cases with TEXT in their id; repeat for more (--list names them)
  --subject TEXT     only subjects with TEXT in their id, e.g. ours:wasm, torch; repeat for more
  --cell CELL        ${variants.join(' | ')} (default lstm)
  --rounds N         timed samples of each subject (default 15)
  --scaling          fitted exponents in T, B and H instead of the cases
  --json [FILE]      results for programs, to FILE or - (standard output)
  --chart FILE       an SVG chart of the speeds beside PyTorch's
  --node PATH        Node that runs the TypeScript subjects (default: this one)
  --list             cases and subjects, and end

Python with PyTorch: /usr/bin/python3, python3, or the one in UNROLL_PYTHON.`;

export interface Options {
  quick: boolean;
  cases: string[];
  subjects: string[];
  variant: Variant;
  rounds: number | null;
  scaling: boolean;
  json: string | null;
  chart: string | null;
  node: string;
  list: boolean;
}

/** Prints the usage and ends where asked to, or where an option is wrong. */
export function readOptions(args: string[]): Options {
  try {
    const { values } = parseArgs({
      args,
      options: {
        quick: { type: 'boolean', default: false },
        case: { type: 'string', multiple: true, default: [] },
        subject: { type: 'string', multiple: true, default: [] },
        cell: { type: 'string', default: 'lstm' },
        rounds: { type: 'string' },
        scaling: { type: 'boolean', default: false },
        json: { type: 'string' },
        chart: { type: 'string' },
        node: { type: 'string', default: process.execPath },
        list: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      console.log(usage);
      process.exit(0);
    }
    const variant = variants.find((one) => one === values.cell);
    if (variant === undefined) throw new Error(`--cell is one of ${variants.join(', ')}`);
    const rounds = values.rounds === undefined ? null : Number(values.rounds);
    if (rounds !== null && !(Number.isInteger(rounds) && rounds > 0))
      throw new Error('--rounds is a positive whole number');
    return {
      quick: values.quick,
      cases: values.case,
      subjects: values.subject,
      variant,
      rounds,
      scaling: values.scaling,
      json: values.json ?? null,
      chart: values.chart ?? null,
      node: values.node,
      list: values.list,
    };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exit(2);
  }
}

/** Hand-made programs for tests: every op, small, without going through a document. */
import type { IrHead, IrOp, IrParameter, IrProgram, IrDimension } from '#shared/ir/types';
import type { Initializer } from '#shared/catalog/define';
import type { Batch, Dataset } from '../data/types.js';

/** Collects ops and parameters; value shapes are what the engine does not read, so they stay loose. */
export class ProgramBuilder {
  private readonly values: IrProgram['values'] = {};
  private readonly parameters: IrParameter[] = [];
  private readonly ops: IrOp[] = [];
  private count = 0;

  constructor(private readonly masked: boolean) {}

  value(shape: IrDimension[], dtype: 'int32' | 'float32' = 'float32'): string {
    const id = `v${this.count++}`;
    const lengths = this.masked && shape.includes('T') ? 'v0' : null;
    this.values[id] = { id, shape, dtype, lengths, node: 'node' };
    return id;
  }

  parameter(shape: number[], initializer?: Initializer, l2 = 0): string {
    const name = `p${this.parameters.length}`;
    const [fanIn = 1, fanOut = 1] = shape;
    this.parameters.push({
      id: `node/${name}`,
      node: 'node',
      name,
      shape,
      initializer: initializer ?? { kind: 'glorot-uniform', fanIn, fanOut },
      l2,
    });
    return `node/${name}`;
  }

  emit(op: IrOp): void {
    this.ops.push(op);
  }

  input(feed: 'tokens' | 'features', features = 0): string {
    const output = this.value(
      feed === 'tokens' ? ['B', 'T'] : ['B', 'T', features],
      feed === 'tokens' ? 'int32' : 'float32',
    );
    this.emit({ op: 'input', node: 'input', feed, output });
    return output;
  }

  embedding(input: string, vocabulary: number, features: number): string {
    const table = this.parameter([vocabulary, features], { kind: 'uniform', low: -0.5, high: 0.5 });
    const output = this.value(['B', 'T', features]);
    this.emit({ op: 'embedding', node: 'embedding', input, table, output });
    return output;
  }

  dense(
    input: string,
    inputs: number,
    outputs: number,
    options: { perStep?: boolean; activation?: 'linear' | 'gelu' | 'tanh'; l2?: number } = {},
  ): string {
    const kernel = this.parameter([inputs, outputs], undefined, options.l2 ?? 0);
    const bias = this.parameter([outputs], { kind: 'normal', deviation: 0.1 });
    const output = this.value(options.perStep ? ['B', 'T', outputs] : ['B', outputs]);
    const activation = options.activation ?? 'linear';
    this.emit({ op: 'dense', node: 'dense', input, kernel, bias, activation, output });
    return output;
  }

  recurrent(
    input: string,
    inputs: number,
    units: number,
    options: {
      cell?: 'rnn' | 'lstm' | 'gru';
      reverse?: boolean;
      dropout?: number;
      recurrentDropout?: number;
      initialState?: string[];
    } = {},
  ): { sequence: string; last: string; finalState: string[] } {
    const cell = options.cell ?? 'lstm';
    const gates = { rnn: 1, lstm: 4, gru: 3 }[cell];
    const sequence = this.value(['B', 'T', units]);
    const last = this.value(['B', units]);
    const finalState = (cell === 'lstm' ? [0, 1] : [0]).map(() => this.value(['B', units]));
    this.emit({
      op: 'recurrent',
      node: cell,
      cell,
      units,
      activation: 'tanh',
      resetAfter: true,
      reverse: options.reverse ?? false,
      dropout: options.dropout ?? 0,
      recurrentDropout: options.recurrentDropout ?? 0,
      input,
      initialState: options.initialState ?? null,
      kernel: this.parameter([inputs, gates * units]),
      recurrentKernel: this.parameter([units, gates * units], { kind: 'orthogonal', gates }),
      bias: this.parameter(cell === 'gru' ? [2, gates * units] : [gates * units], {
        kind: 'normal',
        deviation: 0.1,
      }),
      sequence,
      last,
      finalState,
    });
    return { sequence, last, finalState };
  }

  program(head: Omit<IrHead, 'node'>): IrProgram {
    const { values, parameters, ops } = this;
    return { values, parameters, ops, head: { node: 'head', ...head } };
  }
}

/** Tokens with padding → embedding → LSTM with dropout → classes. */
export function classifierProgram(vocabulary: number, classes: number, dropout = 0): IrProgram {
  const b = new ProgramBuilder(true);
  const embedded = b.embedding(b.input('tokens'), vocabulary, 6);
  const { last } = b.recurrent(embedded, 6, 5, { dropout });
  return b.program({
    kind: 'classify',
    task: 'classification',
    logits: b.dense(last, 5, classes),
    perStep: false,
    loss: 'cross-entropy',
    outputs: classes,
  });
}

/** Rows of token ids with a class each, padded as the real datasets pad. */
export function classDataset(rows: readonly number[][], classes: readonly number[]): Dataset {
  const lengths = Int32Array.from(rows, (row) => row.length);
  return {
    size: rows.length,
    lengths,
    batch(indices): Batch {
      const timeSteps = Math.max(...indices.map((i) => lengths[i] ?? 0));
      const ids = new Int32Array(indices.length * timeSteps);
      indices.forEach((index, row) => ids.set(rows[index] ?? [], row * timeSteps));
      return {
        size: indices.length,
        timeSteps,
        input: { kind: 'tokens', ids },
        lengths: Int32Array.from(indices, (i) => lengths[i] ?? 0),
        targets: { kind: 'class', ids: Int32Array.from(indices, (i) => classes[i] ?? 0) },
      };
    },
    describe: (index) => ({
      input: (rows[index] ?? []).join(' '),
      target: String(classes[index]),
    }),
  };
}

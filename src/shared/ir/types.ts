/**
 * The intermediate representation: typed operations in topological order with resolved shapes. Blocks
 * lower to it, devices compile it, code generators read it. It knows nothing of canvases or tensors.
 *
 * Conventions: batch first. Padding is at the end of a row only, so a mask is a `lengths` vector
 * (host-side int32 [B]); an op that needs it names it. Weights have Keras' layout.
 */
import type { Initializer } from '../catalog/define.js';
import type { Task } from '../data/recipe.js';
import type { CellKind } from '../graph/values.js';

/** Resolved shape: numbers, or the batch and time axes. */
export type IrDimension = number | 'B' | 'T';

export interface IrValue {
  id: string;
  shape: IrDimension[];
  dtype: 'int32' | 'float32';
  /** Node of the input op whose row lengths mask this value's time axis; null where nothing is padded. */
  lengths: string | null;
  /** Node that made it. */
  node: string;
}
/** A reference is the value's id. */
export type IrValueRef = string;

export interface IrParameter {
  /** `<node>/<name>`; stable, unique, the key in checkpoints. */
  id: string;
  node: string;
  /** e.g. `forward/kernel`. */
  name: string;
  shape: number[];
  initializer: Initializer;
  l2: number;
}

export type Activation = 'linear' | 'tanh' | 'relu' | 'sigmoid' | 'softmax' | 'gelu';
export type MergeMode = 'concat' | 'sum' | 'mul' | 'average';

export type IrOp =
  | { op: 'input'; node: string; feed: 'tokens' | 'features'; output: IrValueRef }
  /** table [V, F]: ids [B,T] → [B,T,F]. */
  | { op: 'embedding'; node: string; input: IrValueRef; table: string; output: IrValueRef }
  /**
   * One layer in one direction. Beyond a row's length the sequence output is zero and the state stands
   * still (PyTorch's packed semantics); with `reverse` a row is read from its last real step to its
   * first, and outputs stay aligned with the input's time steps.
   */
  | {
      op: 'recurrent';
      node: string;
      cell: CellKind;
      units: number;
      /** Simple RNN only; LSTM and GRU use tanh and logistic sigmoid. */
      activation: 'tanh' | 'relu';
      /** GRU only: r multiplies after the recurrent matmul (Cho et al. 2014 v3; cuDNN, PyTorch, Keras 3). */
      resetAfter: boolean;
      reverse: boolean;
      /** Share of inputs dropped, one mask for all time steps (Gal & Ghahramani 2016). */
      dropout: number;
      /** Share of h dropped before the recurrent matmul, one mask for all time steps. */
      recurrentDropout: number;
      input: IrValueRef;
      /** h, and c for an LSTM. */
      initialState: IrValueRef[] | null;
      /** kernel [I, G·H], recurrentKernel [H, G·H], bias [G·H] or, for GRU reset-after, [2, G·H]. */
      kernel: string;
      recurrentKernel: string;
      bias: string | null;
      /** [B,T,H], [B,H] and the final state (h, c). */
      sequence: IrValueRef;
      last: IrValueRef;
      finalState: IrValueRef[];
    }
  /** Element-wise merge of two directions, or their concatenation on the last axis. */
  | {
      op: 'merge';
      node: string;
      mode: MergeMode;
      forward: IrValueRef;
      backward: IrValueRef;
      output: IrValueRef;
    }
  /** Over the last axis: [...,I] → [...,O]. */
  | {
      op: 'dense';
      node: string;
      input: IrValueRef;
      kernel: string;
      bias: string | null;
      activation: Activation;
      output: IrValueRef;
    }
  | { op: 'dropout'; node: string; rate: number; input: IrValueRef; output: IrValueRef }
  /** Ba et al. 2016, over the last axis. */
  | {
      op: 'layer-norm';
      node: string;
      input: IrValueRef;
      gamma: string;
      beta: string;
      epsilon: number;
      output: IrValueRef;
    }
  /** [B,T,F] → [B,F] at the last real step. */
  | { op: 'last-step'; node: string; input: IrValueRef; output: IrValueRef }
  /** [B,T,F] → [B,F] over real steps only. */
  | {
      op: 'pool-over-time';
      node: string;
      mode: 'mean' | 'max' | 'sum';
      input: IrValueRef;
      output: IrValueRef;
    }
  | { op: 'concat'; node: string; inputs: IrValueRef[]; output: IrValueRef }
  | { op: 'add'; node: string; inputs: IrValueRef[]; output: IrValueRef }
  /**
   * Query–memory attention, softmax over the memory's real steps.
   * additive (Bahdanau et al. 2015): e = v·tanh(Wq q + Wm m); dot (Luong et al. 2015): e = q·m, divided
   * by √F when `scaled`. `query` [B,F] gives [B,F]; `query` [B,Tq,F] gives [B,Tq,F]. A null query
   * pools: additive scores from the memory alone, e = v·tanh(Wm m + b); dot scores against the learned
   * vector v [F].
   */
  | {
      op: 'attention';
      node: string;
      score: 'additive' | 'dot';
      scaled: boolean;
      query: IrValueRef | null;
      memory: IrValueRef;
      queryKernel: string | null;
      memoryKernel: string | null;
      bias: string | null;
      vector: string | null;
      output: IrValueRef;
      /** Weights [B,T] or [B,Tq,T], kept for inspection. */
      weights: IrValueRef;
    };

/** What the loss is computed on. Logits, never probabilities. */
export interface IrHead {
  node: string;
  kind: 'classify' | 'classify-each-step' | 'regress' | 'next-token';
  task: Task;
  /** [B,C], or [B,T,C] for one prediction a step. */
  logits: IrValueRef;
  perStep: boolean;
  loss: 'cross-entropy' | 'mean-squared-error' | 'mean-absolute-error' | 'huber';
  outputs: number;
}

export interface IrProgram {
  values: Record<string, IrValue>;
  parameters: IrParameter[];
  ops: IrOp[];
  head: IrHead;
}

/** What a block's `lower` may do. */
export interface IrBuilder {
  /** Declares the node's parameter by its `ParameterSpec` name and returns its id. */
  parameter(name: string): string;
  value(shape: IrDimension[], dtype?: IrValue['dtype'], lengths?: string | null): IrValueRef;
  read(ref: IrValueRef): IrValue;
  emit(op: IrOp): void;
  /** A head calls this once. */
  head(head: IrHead): void;
}

/**
 * What a block is. One file in this folder declares one block with `defineBlock`; palette, inspector
 * form, checks, costs, docs and every target derive from it.
 */
import type { z } from 'zod';
import type { DataFacts } from '../data/facts.js';
import type { Params } from '../graph/edits.js';
import type { Problem } from '../graph/problems.js';
import type { ValueKind, ValueType } from '../graph/values.js';
import type { IrBuilder, IrValueRef } from '../ir/types.js';
import type { RecurrentLayer } from '../run/fallbacks.js';

export const categories = [
  'input',
  'embedding',
  'recurrent',
  'attention',
  'dense',
  'regularise',
  'combine',
  'head',
] as const;
export type Category = (typeof categories)[number];

export interface PortSpec {
  name: string;
  label: string;
  /** For an input: kinds it takes. For an output: kinds it can give under some parameters. */
  kinds: readonly ValueKind[];
  /** Inputs only. A required port without an edge is an error. */
  required: boolean;
  /** Inputs only. Takes any number of edges (Concatenate, Add), in edge order. */
  many: boolean;
}

export interface Ports {
  inputs: PortSpec[];
  outputs: PortSpec[];
}

/** A problem as a block reports it: the checks add the node id. */
export type BlockProblem = Pick<Problem, 'code' | 'severity' | 'message' | 'hint'> & {
  port: string | null;
  /** Parameters that would mend it, each a one-click fix. */
  fixes: { label: string; params: Params }[];
};

export interface ShapeContext<P> {
  params: P;
  node: string;
  /** By port name. A `many` port has all of its values; a port without an edge has none. */
  inputs: Readonly<Record<string, readonly ValueType[]>>;
  /** Null until the data was prepared: shapes that depend on it stay unknown. */
  facts: DataFacts | null;
  /** What the head that this block feeds wants as its last dimension; null if none or unknown. */
  wanted: number | null;
}

export interface ShapeResult {
  /** By output port; null where it can't be known. */
  outputs: Record<string, ValueType | null>;
  problems: BlockProblem[];
}

export type Initializer =
  | { kind: 'zeros' }
  | { kind: 'ones' }
  /** Glorot & Bengio 2010: U(±√(6/(fanIn+fanOut))). */
  | { kind: 'glorot-uniform'; fanIn: number; fanOut: number }
  /** Saxe et al. 2014, for recurrent kernels; one orthogonal block a gate. */
  | { kind: 'orthogonal'; gates: number }
  | { kind: 'uniform'; low: number; high: number }
  | { kind: 'normal'; deviation: number }
  /** Zeros, with ones for the forget gate's `units` entries (Gers et al. 2000; Keras' default). */
  | { kind: 'forget-bias'; units: number };

/** Weights in Keras' layout: kernels [in, out], LSTM gates i f c o, GRU gates z r h. */
export interface ParameterSpec {
  /** Within the block, e.g. `kernel`, `forward/recurrent_kernel`, `layer_1/bias`. */
  name: string;
  shape: number[];
  initializer: Initializer;
  /** Loss gets `l2 · Σw²` (Keras' convention, no half). */
  l2: number;
}

/**
 * What one example costs. A multiply-add counts as two operations; an addition, a product of single
 * elements, a comparison and an exponential as one. Training costs three times the forward pass: the
 * backward pass has one product for the inputs' gradient and one for the weights' (Kaplan et al. 2020, 2.1).
 */
export interface Cost {
  /** Floating-point operations of one example's forward pass. */
  flops: number;
  /** Steps that must wait for each other: T of each layer and direction that recurs; 0 elsewhere. */
  sequentialSteps: number;
  /** Bytes of float32 activations that one example keeps for the backward pass. */
  activationBytes: number;
  /** How flops come about, in symbols, e.g. `2·T·4H·(I+H)`. */
  formula: string;
}

/** What travels along one edge in the IR: one value; a state is h, c, … of each layer and direction. */
export type LoweredValue = readonly IrValueRef[];

export interface LowerContext<P> extends ShapeContext<P> {
  outputs: Record<string, ValueType | null>;
  /** IR values by port, as `inputs`: for each edge the value, or for a state all of its tensors. */
  values: Readonly<Record<string, readonly LoweredValue[]>>;
  build: IrBuilder;
}

/** LaTeX-free plain equations, one a line, e.g. `h_t = tanh(W x_t + U h_{t-1} + b)`. */
export interface Equation {
  formula: string;
  note: string;
}

/** What a letter of the equations stands for. */
export interface Term {
  /** Without its index: `W` explains `W_i`. */
  symbol: string;
  kind: 'input' | 'state' | 'gate' | 'weight' | 'output' | 'operation';
  meaning: string;
  /** With this block's numbers, `ℝ^{64×512}`; empty for operations. */
  shape: string;
}

/** A block's equations as it is set, not as it could be. */
export interface Explanation {
  equations: Equation[];
  terms: Term[];
  /** Questions that people ask of such a block, answered with its numbers. */
  questions: { question: string; answer: string }[];
}

export interface BlockDocs {
  /** One sentence for the palette. */
  summary: string;
  /** A few short paragraphs (Markdown) on what it computes and when to use it. */
  body: string;
  equations: Equation[];
  /** Papers, e.g. `Hochreiter & Schmidhuber 1997`. */
  sources: string[];
}

export interface BlockSpec<S extends z.ZodObject> {
  id: string;
  title: string;
  category: Category;
  docs: BlockDocs;
  /** Every field has a default and `.meta({ title, description })`; forms derive from it. */
  params: S;
  ports(params: z.infer<S>): Ports;
  shape(context: ShapeContext<z.infer<S>>): ShapeResult;
  /** Empty where a needed input dimension is unknown. */
  parameters(context: ShapeContext<z.infer<S>>): ParameterSpec[];
  cost(context: ShapeContext<z.infer<S>>): Cost;
  /** Called only on a graph without errors. Returns the IR values of every output port. */
  lower(context: LowerContext<z.infer<S>>): Record<string, LoweredValue>;
  /**
   * True where the output of a time step depends on later steps of the input, so that a next-token head
   * behind it would be shown the answer. Left out by blocks that never do.
   */
  looksAhead?(context: ShapeContext<z.infer<S>>): boolean;
  /** What devices decide by, for blocks that recur; all layers of a block are alike. */
  recurrence?(params: z.infer<S>): RecurrentLayer;
  /** Two to four key numbers for the block's face on the canvas. */
  facts(context: ShapeContext<z.infer<S>>): { label: string; value: string }[];
  /** Left out where the equations of the docs hold for all parameters. */
  explain?(context: ShapeContext<z.infer<S>>): Explanation;
}

/** The block with its parameter type closed over, so that all blocks fit one list. */
export interface Block {
  id: string;
  title: string;
  category: Category;
  docs: BlockDocs;
  params: z.ZodObject;
  defaults(): Params;
  parse(
    params: Params,
  ): { ok: true; instance: BlockInstance } | { ok: false; issues: z.core.$ZodIssue[] };
}

export interface BlockInstance {
  ports: Ports;
  shape(context: Omit<ShapeContext<never>, 'params'>): ShapeResult;
  parameters(context: Omit<ShapeContext<never>, 'params'>): ParameterSpec[];
  cost(context: Omit<ShapeContext<never>, 'params'>): Cost;
  lower(context: Omit<LowerContext<never>, 'params'>): Record<string, LoweredValue>;
  looksAhead(context: Omit<ShapeContext<never>, 'params'>): boolean;
  /** Null for blocks that don't recur. */
  recurrence: RecurrentLayer | null;
  facts(context: Omit<ShapeContext<never>, 'params'>): { label: string; value: string }[];
  explain(context: Omit<ShapeContext<never>, 'params'>): Explanation;
}

export function defineBlock<S extends z.ZodObject>(spec: BlockSpec<S>): Block {
  return {
    id: spec.id,
    title: spec.title,
    category: spec.category,
    docs: spec.docs,
    params: spec.params,
    defaults: () => spec.params.parse({}) as Params,
    parse(raw) {
      const parsed = spec.params.safeParse(raw);
      if (!parsed.success) return { ok: false, issues: parsed.error.issues };
      const params = parsed.data;
      return {
        ok: true,
        instance: {
          ports: spec.ports(params),
          shape: (context) => spec.shape({ ...context, params }),
          parameters: (context) => spec.parameters({ ...context, params }),
          cost: (context) => spec.cost({ ...context, params }),
          lower: (context) => spec.lower({ ...context, params }),
          looksAhead: (context) => spec.looksAhead?.({ ...context, params }) ?? false,
          recurrence: spec.recurrence?.(params) ?? null,
          facts: (context) => spec.facts({ ...context, params }),
          explain: (context) =>
            spec.explain?.({ ...context, params }) ?? {
              equations: spec.docs.equations,
              terms: [],
              questions: [],
            },
        },
      };
    },
  };
}

/** How blocks and wires look: glyph by block, colour by category, line by kind. */
import type { Category } from '#shared/catalog/define';
import type { ValueKind } from '#shared/graph/values';
import type { IconName } from '../ui/icons.js';

export const categoryNames: Record<Category, string> = {
  input: 'Inputs',
  embedding: 'Embedding',
  recurrent: 'Recurrent',
  attention: 'Attention',
  dense: 'Dense',
  regularise: 'Regularise',
  combine: 'Combine',
  head: 'Heads',
};

export const categoryColours: Record<Category, string> = {
  input: 'var(--c-input)',
  embedding: 'var(--c-embed)',
  recurrent: 'var(--c-recurrent)',
  attention: 'var(--c-attention)',
  dense: 'var(--c-dense)',
  regularise: 'var(--c-regular)',
  combine: 'var(--c-seq2seq)',
  head: 'var(--c-head)',
};

/** Ordered: the first word found in the block's id decides. */
const glyphRules: readonly (readonly [RegExp, IconName])[] = [
  [/token.*input|input.*token|^tokens/, 'tokens'],
  [/next/, 'next'],
  [/input|series|feature/, 'series'],
  [/embed/, 'embedding'],
  [/bidirectional/, 'bidirectional'],
  [/stack/, 'stacked'],
  [/lstm/, 'lstm'],
  [/gru/, 'gru'],
  [/rnn/, 'rnn'],
  [/attention/, 'attention'],
  [/time.*dense/, 'timeDense'],
  [/dense/, 'dense'],
  [/dropout/, 'dropout'],
  [/norm/, 'norm'],
  [/last/, 'lastStep'],
  [/pool/, 'pool'],
  [/concat/, 'concat'],
  [/add/, 'add'],
  [/step/, 'classifySteps'],
  [/classif/, 'classify'],
  [/regress|forecast/, 'forecast'],
];

const categoryGlyphs: Record<Category, IconName> = {
  input: 'tokens',
  embedding: 'embedding',
  recurrent: 'rnn',
  attention: 'attention',
  dense: 'dense',
  regularise: 'dropout',
  combine: 'concat',
  head: 'classify',
};

export const glyphOf = (block: string, category: Category): IconName =>
  glyphRules.find(([pattern]) => pattern.test(block))?.[1] ?? categoryGlyphs[category];

/** `scores` are what goes into a head: logits, drawn apart from other vectors and sequences. */
export type WireKind = ValueKind | 'scores';

export const wireColours: Record<WireKind, string> = {
  tokens: 'var(--k-token)',
  sequence: 'var(--k-sequence)',
  vector: 'var(--k-vector)',
  state: 'var(--k-state)',
  scores: 'var(--k-score)',
};

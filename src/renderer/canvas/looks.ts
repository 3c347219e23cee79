/** How blocks and wires look: glyph by block, colour by category, line by kind. */
import type { Category } from '#shared/catalog/define';
import type { WireKind } from '../stores/graph.js';
import type { IconName } from '../ui/icons.js';

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

const glyphs: Readonly<Record<string, IconName>> = {
  'tokens-input': 'tokens',
  'sequence-input': 'series',
  embedding: 'embedding',
  'simple-rnn': 'rnn',
  lstm: 'lstm',
  gru: 'gru',
  bidirectional: 'bidirectional',
  'stacked-rnn': 'stacked',
  attention: 'attention',
  dense: 'dense',
  'time-distributed-dense': 'timeDense',
  dropout: 'dropout',
  'layer-norm': 'norm',
  'last-step': 'lastStep',
  'pool-over-time': 'pool',
  concatenate: 'concat',
  add: 'add',
  classify: 'classify',
  'classify-each-step': 'classifySteps',
  regress: 'forecast',
  'next-token': 'next',
};

/** A block without a glyph of its own shows the plain one. */
export const glyphOf = (block: string): IconName => glyphs[block] ?? 'block';

export const wireColours: Record<WireKind, string> = {
  tokens: 'var(--k-token)',
  sequence: 'var(--k-sequence)',
  vector: 'var(--k-vector)',
  state: 'var(--k-state)',
  scores: 'var(--k-score)',
};

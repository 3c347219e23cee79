/** The list of all blocks, in the palette's order. */
import { attention } from './attention.js';
import { bidirectional } from './bidirectional.js';
import { add, concatenate } from './combine.js';
import type { Block, Category } from './define.js';
import { dense, timeDistributedDense } from './dense.js';
import { embedding } from './embedding.js';
import { gru } from './gru.js';
import { classify, classifyEachStep, nextToken, regress } from './heads.js';
import { lstm } from './lstm.js';
import { lastStep, poolOverTime } from './pooling.js';
import { dropout, layerNorm } from './regularise.js';
import { sequenceInput } from './sequence-input.js';
import { simpleRnn } from './simple-rnn.js';
import { stackedRnn } from './stacked-rnn.js';
import { tokensInput } from './tokens-input.js';

export const blocks: readonly Block[] = [
  tokensInput,
  sequenceInput,
  embedding,
  simpleRnn,
  lstm,
  gru,
  bidirectional,
  stackedRnn,
  attention,
  dense,
  timeDistributedDense,
  dropout,
  layerNorm,
  lastStep,
  poolOverTime,
  concatenate,
  add,
  classify,
  classifyEachStep,
  regress,
  nextToken,
];

const byId = new Map(blocks.map((block) => [block.id, block]));

export const findBlock = (id: string): Block | undefined => byId.get(id);

export const categoryTitles: Record<Category, string> = {
  input: 'Inputs',
  embedding: 'Embedding',
  recurrent: 'Recurrent',
  attention: 'Attention',
  dense: 'Dense',
  regularise: 'Regularise',
  combine: 'Over time and joining',
  head: 'Heads',
};

/** The list of all blocks, in the palette's order. */
import { add } from './add.js';
import { attention } from './attention.js';
import { bidirectional } from './bidirectional.js';
import { classify } from './classify.js';
import { classifyEachStep } from './classify-each-step.js';
import { concatenate } from './concatenate.js';
import type { Block, Category } from './define.js';
import { dense } from './dense.js';
import { dropout } from './dropout.js';
import { embedding } from './embedding.js';
import { gru } from './gru.js';
import { lastStep } from './last-step.js';
import { layerNorm } from './layer-norm.js';
import { lstm } from './lstm.js';
import { nextToken } from './next-token.js';
import { poolOverTime } from './pool-over-time.js';
import { regress } from './regress.js';
import { sequenceInput } from './sequence-input.js';
import { simpleRnn } from './simple-rnn.js';
import { stackedRnn } from './stacked-rnn.js';
import { timeDistributedDense } from './time-distributed-dense.js';
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

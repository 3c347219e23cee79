import { z } from 'zod';
import { defineBlock } from './define.js';
import { known, noCost, output, shaped } from './support.js';

export const tokensInput = defineBlock({
  id: 'tokens-input',
  title: 'Tokens',
  category: 'input',
  docs: {
    summary: 'Rows of token ids from text: where a text model begins.',
    body:
      'Every row of the data becomes a list of whole numbers, one for each character or word of the ' +
      'vocabulary. Id 0 is padding and id 1 stands for unknown tokens. B is the batch size, T the number of ' +
      'time steps: the length of the longest row in a batch. Shorter rows are padded at the end, and the ' +
      'real lengths travel along, so that no block computes on padding.',
    equations: [],
    sources: [],
  },
  params: z.strictObject({}),
  ports: () => ({ inputs: [], outputs: [output('out', 'Ids', ['tokens'])] }),
  shape({ node, facts }) {
    const data = facts?.input.kind === 'tokens' ? facts.input : null;
    return shaped({
      out: {
        kind: 'tokens',
        timeSteps: data?.timeSteps ?? null,
        vocabularySize: data?.vocabularySize ?? null,
        masked: data?.padded ?? true,
        axis: node,
      },
    });
  },
  parameters: () => [],
  cost: () => noCost,
  lower({ node, build, outputs }) {
    const masked = outputs.out?.kind === 'tokens' && outputs.out.masked;
    const out = build.value(['B', 'T'], 'int32', masked ? node : null);
    build.emit({ op: 'input', node, feed: 'tokens', output: out });
    return { out: [out] };
  },
  facts({ facts }) {
    const data = facts?.input.kind === 'tokens' ? facts.input : null;
    const most = data?.padded === true ? '≤ ' : '';
    return [
      { label: 'vocabulary', value: known(data?.vocabularySize ?? null) },
      { label: 'time steps', value: `${most}${known(data?.timeSteps ?? null)}` },
    ];
  },
});

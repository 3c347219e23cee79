import { z } from 'zod';
import { defineBlock } from './define.js';
import { known, noCost, output, shaped } from './support.js';

export const sequenceInput = defineBlock({
  id: 'sequence-input',
  title: 'Number series',
  category: 'input',
  docs: {
    summary:
      'Windows of numbers, such as temperatures or prices: T time steps with F features each.',
    body:
      'Each example is a window of T consecutive rows of the table; each row has one number for each input ' +
      'column (a feature). The columns are scaled with statistics of the training rows only, so that nothing ' +
      'of the future leaks in.',
    equations: [],
    sources: [],
  },
  params: z.strictObject({}),
  ports: () => ({ inputs: [], outputs: [output('out', 'Values', ['sequence'])] }),
  shape({ node, facts }) {
    const data = facts?.input.kind === 'sequence' ? facts.input : null;
    return shaped({
      out: {
        kind: 'sequence',
        timeSteps: data?.timeSteps ?? null,
        features: data?.features ?? null,
        masked: false,
        axis: node,
      },
    });
  },
  parameters: () => [],
  cost: () => noCost,
  lower({ node, build, outputs }) {
    const features = outputs.out?.kind === 'sequence' ? outputs.out.features : null;
    if (features === null) throw new Error(`features of ${node} are not known`);
    const out = build.value(['B', 'T', features]);
    build.emit({ op: 'input', node, feed: 'features', output: out });
    return { out: [out] };
  },
  facts({ facts }) {
    const data = facts?.input.kind === 'sequence' ? facts.input : null;
    return [
      { label: 'features', value: known(data?.features ?? null) },
      { label: 'time steps', value: known(data?.timeSteps ?? null) },
    ];
  },
});

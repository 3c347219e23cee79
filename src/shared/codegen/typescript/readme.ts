/** README.md of the exported program. */
import type { Task } from '../../data/recipe.js';
import { escapeMarkdown } from '../markup.js';
import type { CodeFile, CodegenInput } from '../types.js';

/** What stands behind `npm run predict`, by task. */
export const exampleInputs: Readonly<Record<Task, string>> = {
  classification: '"Some text"',
  tagging: '"Some tokens"',
  'next-token': '"Some text"',
  forecast: '"1.5,2.0\n1.6,2.1\n…"',
};

const purposes: Readonly<Record<string, string>> = {
  'model.ts': 'the network: a field for each layer, and the forward pass',
  'recipe.ts': 'how it is trained: optimizer, learning rate, clipping, early stopping',
  'train.ts': 'trains from scratch on `data/` and writes `model.safetensors`',
  'predict.ts': 'asks the trained network',
  'verify.ts': 'compares this network with the studio’s on the recorded inputs',
  'load.ts': 'the trained network with its preprocessing, for programs of your own',
  'preprocessing.ts': 'input as the network was trained on it',
  'predictions.ts': 'what the network’s output means',
  'page.ts': 'runs the network in `index.html`',
};

export function readme({ document }: CodegenInput, files: readonly CodeFile[]): CodeFile {
  const listed = files.filter(({ path }) => path in purposes);
  const text = `# ${escapeMarkdown(document.name) || 'A network'}

This network was made with Unroll Studio. Here it is a TypeScript program on
[TensorFlow.js](https://www.tensorflow.org/js) 4.22, with the trained weights, for Node and the browser.

## Install and run

\`\`\`sh
npm install
npm run verify   # does it give here what it gave in the studio?
npm run predict -- ${exampleInputs[document.data.task].replaceAll('\n', '\\n')}
npm run train    # from scratch
npm run build && npm start   # the page, at http://127.0.0.1:8080
\`\`\`

From Node 22.18 on the programs also run as they are: \`node verify.ts\`. Nothing is read from the internet
once the packages are installed.

Under Node TensorFlow.js computes in JavaScript, which takes its time in training. Where TensorFlow's own
library is installed (\`npm install @tensorflow/tfjs-node@4.22.0\`), the programs use that instead.

## Files

${listed.map(({ path }) => `- \`${path}\`: ${purposes[path]}.`).join('\n')}
- \`layers/\`, \`training/\`: the layers and the parts of the training loop that this network uses.
- \`model.safetensors\`: the trained weights, by the names in \`model.ts\`.
- \`preprocessing.json\`: vocabulary, labels and scaling, as fitted on the training rows.
- \`recorded.safetensors\`, \`recorded.json\`: held-out inputs and what the studio's network gave for them.
- \`data/\`: the training, validation and test rows.

## Differences from the studio

The numbers of the forward pass agree to 1e-5 (see \`npm run verify\`), those of a training step to 1e-4. The
order of batches, the initial weights and dropout come from another random generator, so that a training
run ends near the studio's scores, not exactly on them.
`;
  return { path: 'README.md', language: 'markdown', text, spans: [] };
}

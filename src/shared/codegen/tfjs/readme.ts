/** README.md of the export to TF.js. */
import { escapeMarkdown } from '../markup.js';
import type { CodeFile, CodegenInput } from '../types.js';
import { exampleInputs } from '../typescript/readme.js';

export function readme({ document }: CodegenInput, customLayers: readonly string[]): CodeFile {
  const custom =
    customLayers.length === 0
      ? `All of its layers are TF.js' own: \`tf.loadLayersModel('model.json')\` loads it as it is.`
      : `It needs layers that TF.js lacks (${customLayers.map((name) => `\`${name}\``).join(', ')}). One import
registers them:

\`\`\`js
import * as tf from '@tensorflow/tfjs';
import './layers.js';

const model = await tf.loadLayersModel('model.json');
\`\`\``;
  const files = [
    [
      'model.json`, `weights.bin',
      'the network and its weights, as `tf.loadLayersModel` reads them',
    ],
    ...(customLayers.length === 0 ? [] : [['layers.js`, `layers/', 'its custom layers']]),
    ['model.js', 'loads it with its preprocessing: `load` and `predict`, for programs of your own'],
    ['preprocessing.js', 'input as the network was trained on it'],
    ['predictions.js', 'what its output means'],
    ['predict.mjs', 'an example for Node'],
    ['index.html`, `page.js', 'an example for the browser'],
    ['serve.mjs', 'shows this folder to a browser on this machine'],
    ['verify.mjs', 'compares this network with the studio’s on the recorded inputs'],
    ['preprocessing.json', 'vocabulary, labels and scaling, as fitted on the training rows'],
    [
      'recorded.safetensors`, `recorded.json',
      'held-out inputs and what the studio’s network gave for them',
    ],
  ];
  const text = `# ${escapeMarkdown(document.name) || 'A network'}

This network was made with Unroll Studio. Here it is a model for [TensorFlow.js](https://www.tensorflow.org/js)
4.22, for Node and the browser. ${custom}

Its input is ${
    document.data.task === 'forecast'
      ? 'rows of scaled numbers [B,T,F]'
      : 'token ids [B,T], padded at the end of each row with 0'
  }; its output is
logits, not probabilities. \`model.js\` does both ends.

## Install and run

\`\`\`sh
npm install
npm run verify   # does it give here what it gave in the studio?
npm run predict -- ${exampleInputs[document.data.task].replaceAll('\n', '\\n')}
npm start        # the page, at http://127.0.0.1:8080
\`\`\`

Nothing is read from the internet once the package is installed. A page that was opened as a file may not
read other files, so \`index.html\` needs a server: \`npm start\`, or any other for static files.

## Files

${files.map(([names, what]) => `- \`${names}\`: ${what}.`).join('\n')}

## Differences from the studio

The numbers agree to 1e-5 (see \`npm run verify\`). Dropout inside recurrent layers and weight penalties are
left out, since they matter for training only: to train on, export to TypeScript, PyTorch or Keras.
`;
  return { path: 'README.md', language: 'markdown', text, spans: [] };
}

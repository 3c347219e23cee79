/** `README.md` and `requirements.txt` of a Keras export. */
import { escapeMarkdown } from '../markup.js';
import { preprocessingRequirements } from '../python/preprocessing.js';
import type { CodeFile } from '../types.js';
import { CodeWriter } from '../writer.js';
import type { KerasFacts } from './facts.js';

export function generateRequirements({ recipe }: KerasFacts): CodeFile {
  const packages = ['keras>=3.6', 'numpy', 'safetensors', 'tensorflow>=2.16'];
  const lines = [...packages, ...preprocessingRequirements(recipe)].sort();
  const text = `${['# Instead of tensorflow: jax or torch, with KERAS_BACKEND=jax or torch.', ...lines].join('\n')}\n`;
  return { path: 'requirements.txt', language: 'text', text, spans: [] };
}

const use: Readonly<Record<KerasFacts['recipe']['task'], string>> = {
  classification: 'python predict.py "a text"',
  tagging: 'python predict.py "tokens between spaces"',
  'next-token': 'python predict.py "how it begins" --length 200 --temperature 0.8',
  forecast: 'python predict.py series.csv',
};

export function generateReadme(facts: KerasFacts): CodeFile {
  const writer = new CodeWriter('  ');
  writer.line(`# ${escapeMarkdown(facts.name) || 'A network'}`).blank();
  writer
    .line(
      'A trained network as a functional Keras 3 model, exported from Unroll Studio with its weights, its data',
      'and the recipe that trained it. The code calls Keras alone, no backend.',
    )
    .blank();
  writer.line('```sh');
  writer.line('python -m venv venv && . venv/bin/activate');
  writer.line('pip install -r requirements.txt');
  writer.line('python verify.py   # compares with the outputs that the studio recorded');
  writer.line(`${use[facts.recipe.task]}`);
  writer.line('python train.py    # trains a new one on data/');
  writer.line('python save.py     # writes model.keras, graph and weights in one file');
  writer.line('```').blank();

  writer.line('| file | what it is |', '| --- | --- |');
  for (const [file, what] of filesOf(facts)) writer.line(`| ${file} | ${what} |`);
  writer.blank().line('## What to know').blank();
  for (const note of notesOf(facts)) writer.line(`- ${note}`);
  return writer.file('README.md', 'markdown');
}

const filesOf = ({ hasCustomLayers }: KerasFacts): [string, string][] => [
  [
    '`model.py`',
    `the network, and \`load_model()\` with the trained weights${hasCustomLayers ? '; also the layers that Keras does not have' : ''}`,
  ],
  ['`model.weights.h5`', 'the trained weights; `load_model()` in model.py reads them'],
  ['`preprocessing.py`, `preprocessing.json`', 'input treated as in training, exactly'],
  ['`data.py`, `optimizer.py`, `train.py`', 'batches, optimizer and the training recipe'],
  ['`predict.py`', 'answers for new input'],
  ['`verify.py`', 'the check against the recorded rows; it writes `model.keras` too'],
  ['`save.py`', 'the network as one `.keras` file'],
  ['`recorded.safetensors`, `recorded.json`', 'held-out rows with the outputs of the studio'],
  ['`data/`', 'the rows that the run was trained, validated and tested on'],
  ['`requirements.txt`', 'Python packages'],
];

function notesOf(facts: KerasFacts): string[] {
  const { inputs, hasCustomLayers, sharedMaskCells, hasRecurrence, hasValidation } = facts;
  return [
    inputs.lengths
      ? 'The model takes a dict: `ids` [batch, time], padded at the end, and `lengths` [batch]. What lies beyond a ' +
        'row’s length changes nothing.'
      : `The model takes a dict with \`${inputs.feed}\`.`,
    'Its outputs are logits: softmax is not in the graph.'.replace(
      'logits: softmax is not in the graph',
      facts.recipe.task === 'forecast'
        ? 'scaled values: `unscale` in preprocessing.py gives them in the columns’ own units'
        : 'logits: the softmax is in the loss and in predict.py',
    ),
    ...(hasCustomLayers
      ? [
          'Import `model` before `keras.models.load_model("model.keras")`: that registers the layers of its own.',
        ]
      : [
          '`keras.models.load_model("model.keras")` needs none of these files: every layer is stock.',
        ]),
    'The weights are in Keras’ own layout, which 3.6 to 3.15 read. It counts layers: should another version count ' +
      'them differently, `verify.py` fails.',
    ...(sharedMaskCells
      ? [
          'Stock LSTM and GRU cells draw a recurrent dropout mask for each gate; the cells here share one, as in the run.',
        ]
      : []),
    'The optimizer has PyTorch’s formulas, which Keras’ own differ from (where epsilon is added, what the momentum holds).',
    'Training draws its initial weights, the order of rows and dropout from Keras and NumPy: the recipe is the ' +
      'run’s, the random numbers are not.',
    ...(hasRecurrence
      ? ['`train.py` makes the recurrent kernels orthogonal gate by gate, as the studio does.']
      : []),
    ...(hasValidation
      ? []
      : [
          'There is no validation part: after each epoch `train.py` evaluates the training rows, where the studio takes the running scores of the epoch.',
        ]),
  ];
}

/** `README.md` and `requirements.txt`. */
import { escapeMarkdown } from '../markup.js';
import { preprocessingRequirements } from '../python/preprocessing.js';
import type { CodeFile } from '../types.js';
import { CodeWriter } from '../writer.js';
import type { ProgramFacts } from './facts.js';

export const generateRequirements = ({ recipe }: ProgramFacts): CodeFile =>
  new CodeWriter('')
    // With PyTorch 2, safetensors' save_file needs NumPy and does not ask for it.
    .line('torch>=1.13', 'safetensors>=0.4.3', 'numpy', ...preprocessingRequirements(recipe))
    .file('requirements.txt', 'text');

const use: Readonly<Record<ProgramFacts['recipe']['task'], string>> = {
  classification: 'python predict.py "some text"',
  tagging: 'python predict.py "some tokens"',
  'next-token': 'python predict.py "how it begins" --length 200 --temperature 0.8',
  forecast: 'python predict.py series.csv',
};

/** @param name and description the project's. */
export function generateReadme(
  facts: ProgramFacts,
  { name, description }: { name: string; description: string },
  hasLayers: boolean,
): CodeFile {
  const { recipe, padded, training } = facts;
  const w = new CodeWriter('  ');
  const series = recipe.task === 'forecast';
  const clips = training.clip.norm !== null || training.clip.value !== null;
  w.line(`# ${escapeMarkdown(name)}`).blank();
  if (description.trim() !== '') w.line(escapeMarkdown(description)).blank();
  w.line(
    'A trained network in PyTorch 1.13 or later, with the programs that use, check and train it; made by',
    'Unroll Studio. Nothing here needs the studio.',
  );
  w.blank().line('## Use').blank();
  w.line(
    '```sh',
    'pip install -r requirements.txt',
    'python verify.py                 # the same numbers here as in the studio?',
    use[recipe.task],
    'python train.py                  # from new weights',
    'python train.py --from-exported  # on from model.safetensors',
    'torchrun --nproc_per_node=4 train_ddp.py  # on several GPUs or machines',
    '```',
  );
  w.blank().line(
    'Training writes `trained.safetensors`; `predict.py --weights trained.safetensors` uses it.',
  );
  w.blank().line('## The files').blank();
  w.line('| file | what it is |', '| --- | --- |');
  w.line(`| \`model.py\` | the network, \`${facts.className}\`, block by block |`);
  if (hasLayers) w.line('| `layers.py` | its parts that are not in `torch.nn` |');
  w.line(
    '| `model.safetensors` | its weights |',
    `| \`preprocessing.py\`, \`preprocessing.json\` | ${series ? 'how columns are scaled, and back' : 'how text becomes ids: tokenizer, vocabulary, labels'} |`,
    '| `predict.py` | answers for new input |',
    '| `data/` | the rows that it was trained, validated and tested on |',
    '| `data.py` | these rows as batches |',
    '| `train.py`, `train_ddp.py` | training as in the studio, alone or shared by processes |',
    '| `verify.py`, `recorded.*` | recorded inputs with the studio’s outputs, and the comparison |',
  );
  w.blank().line('## What is the same').blank();
  w.line(
    'Outputs agree to 1e-5 of the largest one; `verify.py` shows by how much here. Training has the same',
    `loss, optimizer${clips ? ', clipping' : ''}, schedule and stopping rule: a step from the same weights on the`,
    'same batch gives the same weights to 1e-4.',
  );
  if (padded)
    w.line(
      'Padding never counts: recurrences stop at a row’s last real step, and pooling, attention and the loss',
      'leave padded steps out.',
    );
  w.blank().line('## What differs').blank();
  w.line(
    'PyTorch draws other random numbers: initial weights, the order of the rows and what dropout drops have',
    'the same distributions but other values, so that a training from new weights ends near the studio’s',
    'scores, not at them.',
  );
  return w.file('README.md', 'markdown');
}

/** `README.md` of an ONNX export. */
import { escapeMarkdown } from '../markup.js';
import type { CodeFile, CodegenInput } from '../types.js';
import { CodeWriter } from '../writer.js';
import type { OnnxModel, OnnxValue } from './model.js';

const purposes: Readonly<Record<string, string>> = {
  ids: 'token ids as preprocessing.py makes them; padding is 0, at the end of a row',
  features: 'rows of numbers, scaled as preprocessing.py does it',
  lengths: 'real steps of each row; what lies beyond changes nothing',
  logits: 'scores before the softmax',
  probabilities: 'softmax of the logits',
};

const use: Readonly<Record<string, string>> = {
  classification: 'python predict.py "some text"',
  tagging: 'python predict.py "some text"',
  'next-token': 'python predict.py "some text" --length 200 --temperature 0.8',
  forecast: 'python predict.py series.csv',
};

export function readme({ document, program }: CodegenInput, model: OnnxModel): CodeFile {
  const writer = new CodeWriter('  ');
  const forecast = program.head.task === 'forecast';
  const purpose = (value: OnnxValue): string =>
    value.name === 'logits' && forecast
      ? 'horizon × targets, scaled; preprocessing.py has `unscale`'
      : (purposes[value.name] ?? 'weights of the attention, which sum to 1 over real steps');
  const row = (kind: string) => (value: OnnxValue) =>
    `| ${kind} | \`${value.name}\` | ${value.type} | [${value.shape.join(', ')}] | ${purpose(value)} |`;

  writer.line(`# ${escapeMarkdown(document.name)}`).blank();
  if (model.note !== '') writer.line(escapeMarkdown(document.description)).blank();
  writer.line(
    `A trained network in ONNX, operator set ${model.opset}, made by Unroll Studio. It runs in onnxruntime`,
    '1.21 and later, in any of its languages, without the studio and without a training framework.',
  );
  writer.blank().line('## Use').blank();
  writer.line(
    '```sh',
    'pip install -r requirements.txt',
    'python verify.py     # the same numbers here as in the studio?',
    use[program.head.task] ?? '',
    '```',
  );
  writer.blank();
  writer.line('Under Node: `npm install && node verify.mjs`.');
  writer.blank().line('## The model').blank();
  writer.line('|  | name | type | shape |  |', '| --- | --- | --- | --- | --- |');
  writer.line(...model.inputs.map(row('input')), ...model.outputs.map(row('output')));
  writer.blank();
  writer.line(
    '`batch` and `time` may differ from call to call. Dropout is for training and is not in the graph.',
    'Its metadata hold the name, the task and, where there are any, the labels (JSON) by id.',
  );
  writer.blank().line('## The files').blank();
  writer.line(
    '| file | what it is |',
    '| --- | --- |',
    '| `model.onnx` | graph and weights |',
    '| `predict.py` | an example: input as a person gives it, answers as a person reads them |',
    '| `preprocessing.py`, `preprocessing.json` | tokens, ids and scaling as in training |',
    '| `verify.py`, `verify.mjs`, `package.json` | the check against the recorded rows |',
    '| `recorded.safetensors`, `recorded.json` | held-out rows with the outputs of the studio |',
    '| `requirements.txt` | Python packages |',
  );
  return writer.file('README.md', 'markdown');
}

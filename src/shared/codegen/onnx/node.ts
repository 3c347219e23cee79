/** `verify.mjs`: the same check under Node, for those who deploy to onnxruntime-node or -web. */
import type { IrProgram } from '../../ir/types.js';
import { isPadded } from '../modules.js';
import type { CodeFile } from '../types.js';
import { CodeWriter } from '../writer.js';

const opening = `\
/**
 * Runs model.onnx on the recorded rows and compares with what Unroll Studio computed.
 *
 *     npm install && node verify.mjs [--json]
 *
 * Exits with 0 where they agree, 1 where they differ, 2 where a package is missing. (Preprocessing is
 * Python's: verify.py compares that too.)
 */
import { readFile } from 'node:fs/promises';

const ort = await import('onnxruntime-node').catch((error) => {
  console.error(\`\${error.message}. Run: npm install\`);
  process.exit(2);
});
const at = (name) => new URL(name, import.meta.url);

/** Tensors of a safetensors file: a length, a JSON header, the values. */
function decode(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const start = 8 + Number(view.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, start)));
  const tensors = {};
  for (const [name, { dtype, shape, data_offsets }] of Object.entries(header)) {
    const [from, to] = data_offsets;
    const data = new Uint8Array(bytes.subarray(start + from, start + to)).buffer;
    const values = dtype === 'F32' ? new Float32Array(data) : new Int32Array(data);
    tensors[name] = { shape, values };
  }
  return tensors;
}

const tensors = decode(await readFile(at('recorded.safetensors')));
const recorded = JSON.parse(await readFile(at('recorded.json'), 'utf8'));
const session = await ort.InferenceSession.create(await readFile(at('model.onnx')));`;

const ids = `\
const tokens = (values, shape) =>
  new ort.Tensor('int64', BigInt64Array.from(Array.from(values, BigInt)), shape);`;

const difference = (masked: boolean): string => `\
/** Largest difference of logits over the largest of ours${masked ? ', at real steps' : ''}. */
async function largestDifference() {
  const { logits } = await session.run(feeds);
  const { values${masked ? ', shape' : ''} } = tensors.outputs;${
    masked
      ? `
  const [, steps, width] = shape;`
      : ''
  }
  let [largest, magnitude] = [0, 0];
  values.forEach((ours, i) => {${
    masked
      ? `
    const step = Math.floor(i / width);
    if (step % steps >= tensors.lengths.values[Math.floor(step / steps)]) return;`
      : ''
  }
    const apart = Math.abs(logits.data[i] - ours);
    largest = apart <= largest ? largest : apart;
    magnitude = Math.max(magnitude, Math.abs(ours));
  });
  return largest / magnitude;
}`;

const generation = (window: number, vocabulary: number): string => `\
/** The most probable ids that follow, one after the other; \`<pad>\` and \`<unk>\` are no text. */
async function generate(prompt, length) {
  const all = [...prompt];
  while (all.length < prompt.length + length) {
    const last = all.slice(-${window});
    const { logits } = await session.run({ ids: tokens(last, [1, last.length]) });
    const scores = logits.data.slice(-${vocabulary}).fill(-Infinity, 0, 2);
    all.push(scores.indexOf(Math.max(...scores)));
  }
  return all.slice(prompt.length);
}`;

const closing = `\
const largest_difference = await largestDifference();
const { rows, tolerance } = recorded;
const passed = largest_difference <= tolerance && generated !== false;
const framework = \`onnxruntime-node \${ort.env.versions.node}\`;
console.log(
  \`\${passed ? 'Passed' : 'FAILED'}: \${rows} rows in \${framework}, largest difference \` +
    \`\${largest_difference.toExponential(1)} (at most \${tolerance})\` +
    (generated === null ? '.' : \`, generated text \${generated ? 'the same' : 'DIFFERENT'}.\`),
);
const result = {
  passed,
  rows,
  largest_difference,
  tolerance,
  preprocessing: null,
  generated,
  framework,
};
if (process.argv.includes('--json')) console.log(JSON.stringify(result));
process.exitCode = passed ? 0 : 1;`;

/** @param window tokens that a next-token network reads; null for other tasks. */
export function nodeVerifyProgram(program: IrProgram, window: number | null): CodeFile {
  const writer = new CodeWriter('  ');
  const reads = program.ops.some((op) => op.op === 'input' && op.feed === 'tokens');
  const padded = isPadded(program);
  const float = "new ort.Tensor('float32', tensors.features.values, tensors.features.shape)";
  writer.line(opening);
  if (reads) writer.blank().line(ids);
  writer
    .blank()
    .line('const feeds = {')
    .indent(() => {
      writer.line(
        reads ? 'ids: tokens(tensors.ids.values, tensors.ids.shape),' : `features: ${float},`,
      );
      if (padded)
        writer.line(
          "lengths: new ort.Tensor('int32', tensors.lengths.values, tensors.lengths.shape),",
        );
    });
  writer
    .line('};')
    .blank()
    .line(difference(padded && program.head.perStep));
  if (window !== null) {
    writer.blank().line(generation(window, program.head.outputs)).blank();
    writer.line(
      'const expected = recorded.generated;',
      'const generated =',
      '  expected === null ||',
      '  String(await generate(expected.prompt_ids, expected.ids.length)) === String(expected.ids);',
    );
  } else writer.blank().line('const generated = null;');
  writer.line(closing);
  return writer.file('verify.mjs', 'javascript');
}

/** So that \`npm install\` here stays here. */
export function nodePackage(): CodeFile {
  const writer = new CodeWriter('  ');
  writer.line(
    '{',
    '  "private": true,',
    '  "type": "module",',
    '  "dependencies": {',
    '    "onnxruntime-node": "^1.21.0"',
    '  }',
    '}',
  );
  return writer.file('package.json', 'json');
}

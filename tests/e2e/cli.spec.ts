/**
 * What the command line says of projects and data that can't be used. Its commands, options and exit codes
 * are tested in src/main/cli.
 */
import { expect } from '@playwright/test';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jsonLines, unroll } from './cli.js';
import { test as base } from './folder.js';

const test = base.extend<{ run: (...args: string[]) => ReturnType<typeof unroll> }>({
  run: async ({ folder }, use) => {
    await use((...args) => unroll(args, { cwd: folder, workspace: join(folder, 'workspace') }));
  },
});

type Json = Record<string, unknown>;
const example = async (id: string): Promise<Json> =>
  JSON.parse(await readFile(`resources/examples/${id}.unroll.json`, 'utf8'));

test('the same seed gives the same curve', async ({ run }) => {
  const losses = async (out: string): Promise<unknown[]> => {
    const { stdout } = await run(
      ...['train', 'weather-forecast', '--out', out, '--epochs', '2', '--seed', '3', '--json'],
    );
    return jsonLines(stdout)
      .filter((line) => line.type === 'epoch')
      .map((line) => line.train);
  };
  const first = await losses('a');
  expect(first).toHaveLength(2);
  expect(await losses('b')).toEqual(first);
});

/** A project file that says something impossible, and what the message must contain. */
const badProjects: [name: string, text: (good: Json) => string, says: RegExp[]][] = [
  ['not JSON', () => '{\n  "format": 1,,\n}', [/project\.unroll\.json:2/, /not valid JSON/]],
  ['an empty file', () => '', [/project\.unroll\.json/, /empty/]],
  [
    'a newer version',
    (good) => JSON.stringify({ ...good, version: 99 }),
    [/newer Unroll Studio/, /99/, /Update/],
  ],
  [
    'an unknown block',
    (good) => withNode(good, 'rnn', { block: 'hyper-rnn' }),
    [/Simple RNN/, /hyper-rnn/],
  ],
  [
    'a bad parameter',
    (good) => withNode(good, 'rnn', { params: { units: -3 } }),
    [/Simple RNN: "Units" must be at least 1, but is -3\./],
  ],
  [
    'a cycle',
    (good) => withEdges(good, (edges) => [...edges, edge('scores', 'out', 'rnn', 'in')]),
    [/circle/, /Simple RNN/],
  ],
  [
    'a required port without a connection',
    (good) => withEdges(good, (edges) => edges.filter((e) => e.target.node !== 'rnn')),
    [/Simple RNN/, /nothing is connected to "Sequence"/],
  ],
  [
    'shapes that do not fit',
    (good) => withNode(good, 'rnn', { params: { units: 16, output: 'last step' } }),
    [/Scores/, /takes a sequence, but gets a vector/, /Return all steps/],
  ],
];

interface Edge {
  id: string;
  source: { node: string; port: string };
  target: { node: string; port: string };
}
const edge = (from: string, out: string, to: string, into: string): Edge => ({
  id: `${from}-${to}-new`,
  source: { node: from, port: out },
  target: { node: to, port: into },
});
const graphOf = (document: Json) => document.graph as { nodes: Json[]; edges: Edge[] };
const withNode = (document: Json, id: string, change: Json): string =>
  JSON.stringify({
    ...document,
    graph: {
      ...graphOf(document),
      nodes: graphOf(document).nodes.map((node) =>
        node.id === id ? { ...node, ...change } : node,
      ),
    },
  });
const withEdges = (document: Json, change: (edges: Edge[]) => Edge[]): string =>
  JSON.stringify({
    ...document,
    graph: { ...graphOf(document), edges: change(graphOf(document).edges) },
  });

for (const [name, text, says] of badProjects) {
  test(`a project with ${name} is refused with the place and what to do`, async ({
    folder,
    run,
  }) => {
    await writeFile(join(folder, 'project.unroll.json'), text(await example('next-character')));
    for (const command of ['check', 'train']) {
      const result = await run(command, 'project.unroll.json');
      expect(result.code).toBe(3);
      for (const pattern of says) expect(result.stdout + result.stderr).toMatch(pattern);
    }
  });
}

const classification = {
  task: 'classification',
  format: 'auto',
  textColumn: 'text',
  labelColumn: 'label',
  tokenizer: { unit: 'word', lowercase: true, vocabularyLimit: 100, minimumCount: 1 },
  maximumTimeSteps: 10,
  truncate: 'end',
  split: { validation: 0.2, test: 0.2, method: 'random', seed: 1 },
};
const nextToken = {
  task: 'next-token',
  tokenizer: { unit: 'character', lowercase: false, vocabularyLimit: null, minimumCount: 1 },
  window: 50,
  stride: 1,
  limit: null,
  split: { validation: 0, test: 0, method: 'in order', seed: 1 },
};
const forecast = {
  task: 'forecast',
  format: 'auto',
  timeColumn: null,
  inputColumns: ['price'],
  targetColumns: ['price'],
  window: 4,
  stride: 1,
  horizon: 1,
  scaler: 'standard',
  split: { validation: 0.2, test: 0.2, method: 'in order', seed: 1 },
};
const rows = (line: (i: number) => string, count = 40): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n');

/** A data file that can't be used, its recipe, and what the message must contain. */
const badData: [
  name: string,
  file: string,
  content: string | Buffer,
  recipe: Json,
  says: RegExp[],
][] = [
  ['an empty table', 'a.csv', 'text,label\n', classification, [/a\.csv/]],
  ['a 0-byte file', 'a.csv', '', classification, [/a\.csv/, /empty/]],
  [
    'a ragged row',
    'a.csv',
    'text,label\ngood film,1\nbad,film,0\n',
    classification,
    [/a\.csv:3/, /3/, /2/],
  ],
  [
    'a non-numeric cell',
    'a.csv',
    `day,price\n${rows((i) => `${i},${i === 5 ? 'n/a' : i}`)}\n`,
    forecast,
    [/a\.csv:7/, /price/, /n\/a/],
  ],
  [
    'a missing label',
    'a.csv',
    `text,label\n${rows((i) => `row ${i},${i === 3 ? '' : i % 2}`)}\n`,
    classification,
    [/a\.csv:5/, /label/],
  ],
  [
    'a missing column',
    'a.csv',
    `sentence,label\n${rows((i) => `row ${i},${i % 2}`)}\n`,
    classification,
    [/text/, /sentence/],
  ],
  [
    'one class only',
    'a.csv',
    `text,label\n${rows((i) => `row ${i},1`)}\n`,
    classification,
    [/same label/, /"1"/],
  ],
  ['a text shorter than the window', 'a.txt', 'too short', nextToken, [/a\.txt/, /9/, /50/]],
  [
    'invalid UTF-8',
    'a.txt',
    Buffer.from([0x61, 0x0a, 0x62, 0xff, 0xfe, 0x63]),
    nextToken,
    [/a\.txt:2/, /UTF-8/],
  ],
];

const exampleFor: Record<string, string> = {
  classification: 'sentiment-rnn',
  'next-token': 'next-character',
  forecast: 'weather-forecast',
};

for (const [name, file, content, recipe, says] of badData) {
  test(`data with ${name} is refused with file, line and what to do`, async ({ folder, run }) => {
    await writeFile(join(folder, file), content);
    const document = {
      ...(await example(exampleFor[String(recipe.task)] ?? '')),
      data: { ...recipe, source: { kind: 'file', path: file } },
    };
    await writeFile(join(folder, 'project.unroll.json'), JSON.stringify(document));
    const result = await run('train', 'project.unroll.json');
    expect(result.code).toBe(3);
    for (const pattern of says) expect(result.stderr).toMatch(pattern);
  });
}

test('an output folder that can not be written is refused with its path', async ({
  folder,
  run,
}) => {
  await writeFile(join(folder, 'file'), '');
  const result = await run('train', 'next-character', '--out', 'file/run');
  expect(result.code).toBe(2);
  expect(result.stderr).toContain('file/run');
});

test('a folder named like a project is not one', async ({ folder, run }) => {
  await mkdir(join(folder, 'folder.unroll.json'));
  const result = await run('check', 'folder.unroll.json');
  expect(result.code).toBe(3);
  expect(result.stderr).toContain('folder.unroll.json');
});

/**
 * Tests only: random whole projects over the catalog, for comparing every target with the engine. A graph
 * grows block by block: parameters come from each block's own schema and wires from what `canConnect`
 * allows, so a block that is added to the catalog is drawn too.
 */
import fc from 'fast-check';
import { z } from 'zod';
import { isHead } from '../catalog/head-support.js';
import { blocks } from '../catalog/index.js';
import type { DataFacts } from '../data/facts.js';
import { tasks, type Task } from '../data/recipe.js';
import { analyze } from './analyze.js';
import { canConnect } from './connect.js';
import type { GraphNode, PortReference, ProjectDocument } from './document.js';
import { applyEdit } from './edits.js';
import { freshEdgeId, freshNodeId, freshNodeName } from './ids.js';
import { draw, sampleFacts } from './samples.js';

type Params = GraphNode['params'];

export interface RandomDocument {
  document: ProjectDocument;
  facts: DataFacts;
}

/** A block to add, if it fits anywhere. */
interface Move {
  block: string;
  params: Params;
  /** Decide which of the fitting values each port takes, and whether an optional one takes any. */
  picks: number[];
}

/** 23 tokens or 3 columns, 7 steps; 3 classes, 4 tags, or 7 values. */
export function smallFacts(task: Task): DataFacts {
  const facts = sampleFacts(task);
  if (facts.input.kind === 'sequence')
    return { ...facts, input: { ...facts.input, timeSteps: 7 }, meanTimeSteps: 7 };
  const vocabularySize = 23;
  const size = task === 'classification' ? 3 : task === 'tagging' ? 4 : vocabularySize;
  return {
    ...facts,
    input: { ...facts.input, vocabularySize, timeSteps: 7 },
    output: { size, labels: null },
    meanTimeSteps: 7,
  };
}

const task = fc.constantFrom(...tasks);
/** Most sizes of one graph are the same, so that sums, states and dot products fit. */
const width = fc.integer({ min: 2, max: 6 });
const pick = fc.nat({ max: 1000 });

/** Whole graphs of up to nine blocks between input and head, ready to lower. */
export const randomDocuments: fc.Arbitrary<RandomDocument> = fc
  .tuple(task, width)
  .chain(([task, width]) =>
    fc.record({
      task: fc.constant(task),
      start: task === 'forecast' ? fc.constant(null) : paramsOf('embedding', width),
      moves: fc.array(moveOf(width), { minLength: 1, maxLength: 7 }),
      head: paramsOf(heads[task], width),
      end: fc.array(pick, { minLength: 6, maxLength: 6 }),
    }),
  )
  .map((parts) => ({ document: grow(parts), facts: smallFacts(parts.task) }))
  .filter(({ document, facts }) => analyze(document, facts).ready);

/** The same documents for the same seed. */
export const sampleDocuments = (count: number, seed: number): RandomDocument[] =>
  fc.sample(randomDocuments, { numRuns: count, seed });

const heads: Record<Task, string> = {
  classification: 'classify',
  tagging: 'classify-each-step',
  'next-token': 'next-token',
  forecast: 'regress',
};

const middle = blocks.filter(({ id, category }) => category !== 'input' && !isHead(id));
const recurrent = middle.filter(({ category }) => category === 'recurrent');

function moveOf(width: number): fc.Arbitrary<Move> {
  const block = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...middle) },
    { weight: 2, arbitrary: fc.constantFrom(...recurrent) },
  );
  return block.chain(({ id }) =>
    fc.record({
      block: fc.constant(id),
      params: paramsOf(id, width),
      picks: fc.array(pick, { minLength: 4, maxLength: 4 }),
    }),
  );
}

function paramsOf(id: string, width: number): fc.Arbitrary<Params> {
  const block = blocks.find((one) => one.id === id);
  if (block === undefined) throw new Error(`no block ${id}`);
  return fc.record(
    Object.fromEntries(
      Object.entries(block.params.shape).map(([key, schema]) => [key, valueOf(schema, width)]),
    ),
  );
}

type Json = Params[string];

function valueOf(schema: z.core.$ZodType, width: number): fc.Arbitrary<Json> {
  if (schema instanceof z.ZodDefault) {
    const inner = valueOf(schema.unwrap(), width);
    const usual = z.json().parse(schema.parse(undefined));
    // The default of a size is far too large for a test.
    return Number.isInteger(usual) && usual !== 0
      ? inner
      : fc.oneof(inner, fc.constant(usual)).filter((value) => !hasLargeSize(value));
  }
  if (schema instanceof z.ZodNullable) return valueOf(schema.unwrap(), width);
  if (schema instanceof z.ZodEnum) return fc.constantFrom(...schema.options);
  if (schema instanceof z.ZodBoolean) return fc.boolean();
  if (schema instanceof z.ZodArray)
    return fc.array(valueOf(schema.element, width), { minLength: 1, maxLength: 3 });
  if (schema instanceof z.ZodNumber)
    return schema.isInt
      ? fc.oneof(
          { weight: 3, arbitrary: fc.constant(width) },
          { weight: 1, arbitrary: fc.integer({ min: 1, max: 6 }) },
        )
      : fc.constantFrom(0.01, 0.2);
  throw new Error('a block has a parameter of a kind that random documents do not draw');
}

const hasLargeSize = (value: Json): boolean =>
  value === null || (Array.isArray(value) && value.some((size) => Number(size) > 6));

interface Parts {
  task: Task;
  start: Params | null;
  moves: Move[];
  head: Params;
  end: number[];
}

function grow({ task, start, moves, head, end }: Parts): ProjectDocument {
  const facts = smallFacts(task);
  const input = start === null ? 'sequence-input' : 'tokens-input';
  let document = draw(task, { input }, []);
  if (start !== null) document = add(document, facts, move('embedding', start));
  for (const one of moves) document = add(document, facts, one);

  // Everything that leads nowhere goes into the head, as far as it fits.
  const [first = 0, ...others] = end;
  const perStep = task === 'tagging' || (task === 'next-token' && first % 2 === 0);
  if (!perStep) {
    const additive = move('attention', { units: 3 });
    const pools = [move('last-step', {}), move('pool-over-time', {}), dotAttention, additive];
    looseEnds(document, facts, 'sequence').forEach((source, i) => {
      const pool = pools[(others[i] ?? 0) % pools.length] ?? dotAttention;
      const port = pool.block === 'attention' ? 'memory' : 'in';
      document = join(document, pool, port, [source]);
    });
  }
  const ends = looseEnds(document, facts, perStep ? 'sequence' : 'vector');
  if (ends.length > 1) document = join(document, move('concatenate', {}), 'in', ends);
  const scores = perStep ? 'time-distributed-dense' : 'dense';
  document = join(document, move(scores, {}), 'in', lastOut(document, ends));
  return join(document, move(heads[task], head), 'in', lastOut(document, []));
}

function move(block: string, params: Params): Move {
  return { block, params, picks: [0, 0, 0, 0] };
}

const dotAttention = move('attention', { score: 'dot' });

/** The only loose end itself, else what the newest block gives. */
function lastOut(document: ProjectDocument, ends: PortReference[]): PortReference[] {
  const newest = document.graph.nodes.at(-1);
  if (ends.length === 1) return ends;
  return newest === undefined ? [] : [{ node: newest.id, port: 'out' }];
}

const taken = (document: ProjectDocument, { node, port }: PortReference): boolean =>
  document.graph.edges.some(({ source }) => source.node === node && source.port === port);

function looseEnds(
  document: ProjectDocument,
  facts: DataFacts,
  kind: 'sequence' | 'vector',
): PortReference[] {
  const { nodes } = analyze(document, facts);
  return document.graph.nodes
    .map(({ id }) => ({ node: id, port: 'out' }))
    .filter((end) => nodes[end.node]?.outputs.out?.kind === kind && !taken(document, end));
}

/** With the block wired to values that fit, or unchanged where a port finds none. */
function add(document: ProjectDocument, facts: DataFacts, { block, params, picks }: Move) {
  let next = withNode(document, block, params);
  const node = next.graph.nodes.at(-1)?.id ?? '';
  const ports = analyze(next, facts).nodes[node]?.instance?.ports.inputs ?? [];
  for (const [i, port] of ports.entries()) {
    const chance = picks[i] ?? 0;
    if (!port.required && chance % 2 === 0) continue;
    const times = port.many ? 2 + (chance % 2) : 1;
    for (let time = 0; time < times; time += 1) {
      const target = { node, port: port.name };
      const analysis = analyze(next, facts);
      const fitting = next.graph.nodes
        .flatMap(({ id }) =>
          (analysis.nodes[id]?.instance?.ports.outputs ?? []).map(({ name }) => ({
            node: id,
            port: name,
          })),
        )
        .filter((source) => canConnect(next, analysis, source, target).ok);
      // What leads nowhere yet is drawn more often, newest first.
      const loose = fitting.filter((source) => !taken(next, source)).reverse();
      const candidates = [...loose, ...loose, ...fitting];
      const source = candidates[Math.floor((picks[3] ?? 0) / (time + 1)) % candidates.length];
      if (source === undefined) {
        if (time > 0 || !port.required) break;
        return document;
      }
      next = withEdge(next, source, target);
    }
  }
  return next;
}

function join(
  document: ProjectDocument,
  { block, params }: Move,
  port: string,
  sources: readonly PortReference[],
): ProjectDocument {
  const next = withNode(document, block, params);
  const node = next.graph.nodes.at(-1)?.id ?? '';
  return sources.reduce((joined, source) => withEdge(joined, source, { node, port }), next);
}

function withNode(document: ProjectDocument, block: string, params: Params): ProjectDocument {
  const { graph } = document;
  const node = {
    id: freshNodeId(graph, block),
    block,
    name: freshNodeName(graph, block),
    params,
    position: { x: graph.nodes.length * 264, y: 0 },
  };
  return applyEdit(document, { type: 'add-node', node }).document;
}

function withEdge(document: ProjectDocument, source: PortReference, target: PortReference) {
  const edge = { id: freshEdgeId(document.graph, source, target), source, target };
  return applyEdit(document, { type: 'add-edge', edge }).document;
}

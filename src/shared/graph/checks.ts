/** Checks of the whole graph: its inputs, its head, its cycles, names, and what leads nowhere. */
import { headTasks, isHead } from '../catalog/head-support.js';
import { findBlock } from '../catalog/index.js';
import type { Scene } from './analyze.js';
import type { GraphNode } from './document.js';
import { removeNodes } from './edits.js';
import { insertBlock, swapBlock } from './fixes.js';
import { freshNodeName } from './ids.js';
import { problemOf } from './problems.js';
import { ancestorsOf, findCycle } from './topology.js';
import { nameOf } from './wording.js';

/** Adds to the scene's problems; every node has been analysed by now. */
export function checkWhole(scene: Scene): void {
  const heads = scene.document.graph.nodes.filter((node) => isHead(node.block));
  const [head] = heads;
  checkEdges(scene);
  checkCycle(scene);
  checkInputs(scene);
  checkHeads(scene, heads);
  if (head !== undefined) {
    checkHead(scene, head);
    checkFuture(scene, head);
    checkUnused(scene, head);
  }
  checkNames(scene);
}

/** Edges that lead to a block that is not there. */
function checkEdges({ document, byId, problems }: Scene): void {
  for (const edge of document.graph.edges) {
    const missing = [edge.source.node, edge.target.node].find((id) => !byId.has(id));
    if (missing === undefined) continue;
    problems.push(
      problemOf({
        code: 'dangling-edge',
        message: `A connection leads to the block "${missing}", which is not there.`,
        hint: 'Remove the connection.',
        edge: edge.id,
        fixes: [{ label: 'Remove the connection', edits: [{ type: 'remove-edge', id: edge.id }] }],
      }),
    );
  }
}

function checkCycle({ topology, byId, problems }: Scene): void {
  const cycle = findCycle(topology);
  const closing = cycle.at(-1);
  if (closing === undefined) return;
  const names = cycle.map(({ target }) => {
    const node = byId.get(target.node);
    return node === undefined ? target.node : nameOf(node);
  });
  problems.push(
    problemOf({
      code: 'cycle',
      message:
        names.length === 1
          ? `${names.join('')} feeds itself.`
          : `These blocks feed each other in a circle: ${[...names, ...names.slice(0, 1)].join(' → ')}.`,
      hint: 'Remove one of the connections. Recurrence over time happens inside the recurrent blocks.',
      node: closing.target.node,
      edge: closing.id,
      fixes: [{ label: 'Remove the connection', edits: [{ type: 'remove-edge', id: closing.id }] }],
    }),
  );
}

function checkInputs({ document, problems }: Scene): void {
  const inputs = document.graph.nodes.filter((n) => findBlock(n.block)?.category === 'input');
  if (inputs.length === 0) {
    problems.push(
      problemOf({
        code: 'no-input',
        message: 'The graph has no input.',
        hint: 'Add Tokens for text, or Number series for numbers.',
      }),
    );
  }
  const given = document.data.task === 'forecast' ? 'sequence' : 'tokens';
  for (const node of inputs) {
    const kind = node.block === 'tokens-input' ? 'tokens' : 'sequence';
    if (kind === given) continue;
    const right = given === 'tokens' ? 'tokens-input' : 'sequence-input';
    const title = findBlock(right)?.title ?? right;
    problems.push(
      problemOf({
        code: 'task-mismatch',
        message: `${nameOf(node)} brings ${kind === 'tokens' ? 'token ids' : 'numbers'}, but the project's data are ${given === 'tokens' ? 'text' : 'numbers'}.`,
        hint: `Use ${title}, or choose other data.`,
        node: node.id,
        fixes: [{ label: `Use ${title}`, edits: swapBlock(document, node, right, {}) }],
      }),
    );
  }
}

function checkHeads({ problems }: Scene, heads: readonly GraphNode[]): void {
  const [head, second] = heads;
  if (head === undefined) {
    problems.push(
      problemOf({
        code: 'no-head',
        message: 'The graph has no head, so there is nothing to train towards.',
        hint: 'Add Classify, Classify each step, Forecast or Next token.',
      }),
    );
  }
  if (second !== undefined) {
    problems.push(
      problemOf({
        code: 'several-heads',
        message: `The graph has ${heads.length} heads (${heads.map(nameOf).join(', ')}); one is supported.`,
        hint: 'Remove all but one.',
        node: second.id,
      }),
    );
  }
}

/** Whether the head serves the project's task and is fed what it needs. */
function checkHead(scene: Scene, head: GraphNode): void {
  const { document, facts, topology, byId, nodes, problems } = scene;
  const rule = headTasks[head.block];
  if (rule !== undefined && !rule.tasks.includes(document.data.task)) {
    const right = Object.keys(headTasks).find((id) =>
      headTasks[id]?.tasks.includes(document.data.task),
    );
    const title = findBlock(right ?? '')?.title ?? 'another head';
    problems.push(
      problemOf({
        code: 'task-mismatch',
        message: `${nameOf(head)} is made for ${rule.tasks.join(', ')}, but the project's data are for ${document.data.task}.`,
        hint: `Use ${title}, or choose other data.`,
        node: head.id,
        fixes:
          right === undefined
            ? []
            : [{ label: `Use ${title}`, edits: swapBlock(document, head, right, {}) }],
      }),
    );
    return;
  }
  const edge = topology.incoming.get(head.id)?.[0];
  const source = byId.get(edge?.source.node ?? '');
  if (edge === undefined || source === undefined) return;
  const type = nodes.get(head.id)?.inputs.in?.[0];
  const given = type?.kind === 'vector' || type?.kind === 'sequence' ? type.features : null;
  if (facts !== null && given !== null && given !== facts.output.size) {
    const message = `${nameOf(head)} needs ${facts.output.size} scores (${rule?.output ?? 'outputs'}), but ${nameOf(source)} gives ${given}.`;
    const isDense = source.block === 'dense' || source.block === 'time-distributed-dense';
    const between = findBlock(type?.kind === 'sequence' ? 'time-distributed-dense' : 'dense');
    problems.push(
      isDense
        ? problemOf({
            code: 'units-mismatch',
            message,
            hint: 'Set its units to Auto.',
            node: source.id,
            edge: edge.id,
            fixes: [setParams('Set units to Auto', source, { units: null })],
          })
        : problemOf({
            code: 'units-mismatch',
            message,
            hint: `Put a ${between?.title ?? ''} block between them.`,
            node: head.id,
            edge: edge.id,
            fixes: [
              {
                label: `Insert ${between?.title ?? ''}`,
                edits: insertBlock(document, between?.id ?? '', edge.source, edge.target),
              },
            ],
          }),
    );
  }
  if (head.block !== 'regress' && source.params.activation === 'softmax') {
    problems.push(
      problemOf({
        code: 'softmax-before-head',
        severity: 'warning',
        message: `${nameOf(source)}: softmax is applied twice, because ${nameOf(head)} turns scores into probabilities already.`,
        hint: 'Training still runs, but learns slowly.',
        node: source.id,
        fixes: [setParams('Set activation to linear', source, { activation: 'linear' })],
      }),
    );
  }
}

const setParams = (label: string, { id, params }: GraphNode, changed: GraphNode['params']) => ({
  label,
  edits: [{ type: 'set-params' as const, id, params: { ...params, ...changed } }],
});

/** A next-token head at every step must not be fed by blocks that have read the steps after it. */
function checkFuture({ facts, topology, byId, nodes, problems }: Scene, head: GraphNode): void {
  if (head.block !== 'next-token') return;
  if (nodes.get(head.id)?.inputs.in?.[0]?.kind !== 'sequence') return;
  for (const id of ancestorsOf(topology, head.id)) {
    const node = byId.get(id);
    const analysis = nodes.get(id);
    if (node === undefined || !analysis?.instance) continue;
    const { inputs, wanted } = analysis;
    if (!analysis.instance.looksAhead({ node: id, inputs, facts, wanted })) continue;
    problems.push(
      problemOf({
        code: 'sees-the-future',
        severity: 'warning',
        message: `${nameOf(node)} reads the steps that ${nameOf(head)} has to predict, so the model only copies them.`,
        hint: 'Use a forward block, or predict only after the window: put Last step before the scores.',
        node: id,
      }),
    );
  }
}

/** Blocks whose output never reaches the head. */
function checkUnused({ document, topology, problems }: Scene, head: GraphNode): void {
  const used = ancestorsOf(topology, head.id);
  // A head that nothing feeds is the mistake, not all the blocks that would feed it.
  if (used.size === 1) return;
  for (const node of document.graph.nodes) {
    if (used.has(node.id) || isHead(node.block)) continue;
    problems.push(
      problemOf({
        code: 'unused-block',
        severity: 'warning',
        message: `${nameOf(node)} does not lead to ${nameOf(head)}, so it is left out of training.`,
        hint: 'Connect it, or remove it.',
        node: node.id,
        fixes: [{ label: 'Remove the block', edits: removeNodes(document, [node.id]) }],
      }),
    );
  }
}

function checkNames({ document, problems }: Scene): void {
  const seen = new Set<string>();
  for (const node of document.graph.nodes) {
    const name = nameOf(node);
    if (seen.has(name)) {
      const fresh = freshNodeName(document.graph, name.replace(/ \d+$/, ''));
      problems.push(
        problemOf({
          code: 'duplicate-name',
          severity: 'warning',
          message: `Two blocks are called "${name}".`,
          hint: 'Rename one, so that messages and code are clear.',
          node: node.id,
          fixes: [
            {
              label: `Rename to "${fresh}"`,
              edits: [{ type: 'rename-node', id: node.id, name: fresh }],
            },
          ],
        }),
      );
    }
    seen.add(name);
  }
}

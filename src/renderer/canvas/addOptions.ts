/** Which blocks of the catalog a wire that ends on the empty canvas could lead to. Pure. */
import type { Block } from '#shared/catalog/define';
import { blocks } from '#shared/catalog/index';
import { analyze } from '#shared/graph/analyze';
import { applyEdits, type Edit } from '#shared/graph/edits';
import { judge, portsOfAll } from '../stores/graph.js';
import type { ProjectState } from '../stores/project.js';
import { ends, otherSide, type OpenEnd } from './connecting.js';
import { addBlock, type Point } from './editing.js';
import { roomsNow, storedY } from './unroll/room.js';

export interface AddOption {
  readonly block: Block;
  /** The port of the new block that the wire goes to; null where there is no wire. */
  readonly port: { readonly name: string; readonly label: string } | null;
}

type State = Pick<ProjectState, 'document' | 'analysis' | 'facts'>;

export const allOptions: readonly AddOption[] = blocks.map((block) => ({ block, port: null }));

/** Each block with its first port that takes the wire. Blocks that have none are left out. */
export function optionsFor({ document, facts }: State, from: OpenEnd): AddOption[] {
  if (document === null) return [];
  // All of them at once, so that one analysis is enough.
  let withAll = document;
  const ids = new Map<string, Block>();
  for (const block of blocks) {
    const { edits, id } = addBlock(withAll, block.id, { x: 0, y: 0 });
    withAll = applyEdits(withAll, edits).document;
    ids.set(id, block);
  }
  const state = { document: withAll, analysis: analyze(withAll, facts) };
  const options = new Map<Block, AddOption>();
  for (const { node, port, label } of portsOfAll(state, otherSide(from.side))) {
    const block = ids.get(node);
    if (block === undefined || options.has(block)) continue;
    const { source, target } = ends(from, { node, port });
    if (judge(state, source, target).ok) options.set(block, { block, port: { name: port, label } });
  }
  return [...options.values()];
}

/** The edits that add the block with its header's middle at `at`, and connect it. */
export function addOptionEdits(
  { document, facts }: State,
  { block, port }: AddOption,
  from: OpenEnd | null,
  at: Point,
): { edits: Edit[]; id: string; label: string } | null {
  if (document === null) return null;
  const left = from === null ? at.x - 72 : from.side === 'source' ? at.x : at.x - 144;
  const y = storedY(at.y - 16, roomsNow(document.graph.nodes));
  const { edits, id } = addBlock(document, block.id, { x: left, y });
  const label = `Add ${block.title}`;
  if (from === null || port === null) return { edits, id, label };
  const { document: added } = applyEdits(document, edits);
  const { source, target } = ends(from, { node: id, port: port.name });
  const verdict = judge({ document: added, analysis: analyze(added, facts) }, source, target);
  return { edits: verdict.ok ? [...edits, ...verdict.edits] : edits, id, label };
}

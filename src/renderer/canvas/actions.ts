/** What a person does to the project on the canvas: each one undo step. */
import { findBlock } from '#shared/catalog/index';
import { groupIndex, moveToGroup } from '#shared/graph/groups';
import { addOptionEdits, type AddOption } from './addOptions.js';
import { boxOf } from './boxes.js';
import type { OpenEnd } from './connecting.js';
import { glide, useFlow } from './flow.js';
import { frameAt, frameBoxes } from './groups/frames.js';
import { moveSelection } from './groups/actions.js';
import { flowIdsOf } from './groups/ids.js';
import { moveLabel } from './groups/moving.js';
import { tidyEdits } from './tidy.js';
import { roomsNow, storedY } from './unroll/room.js';
import { useProject } from '../stores/project.js';
import { reportError } from '../stores/studio.js';
import {
  copyBlocks,
  deleteSelection,
  notBlocks,
  pasteBlocks,
  unknownBlock,
  type Point,
} from './editing.js';

/** The selection as clipboard text; null where nothing is selected. */
export const copySelection = (): string | null => {
  const { document, selection } = useProject.getState();
  return document === null ? null : copyBlocks(document, selection);
};

export function removeSelection(): void {
  const { document, selection, dispatch } = useProject.getState();
  const removal = document === null ? null : deleteSelection(document, selection);
  if (removal !== null) dispatch(removal.edits, { label: removal.label });
}

/** False for text that holds no blocks. `at` is where the upper left corner goes; null is beside the originals. */
export function paste(text: string, at: Point | null, label: string): boolean {
  const { document, dispatch, select } = useProject.getState();
  const pasted = document === null ? null : pasteBlocks(document, text, at);
  if (pasted === null) return false;
  dispatch(pasted.edits, { label });
  select(pasted);
  return true;
}

/** The same for what a person pastes: throws a `StudioError` that says what the clipboard holds instead. */
export function pasteOrThrow(text: string, at: Point | null): void {
  if (!paste(text, at, 'Paste')) throw notBlocks(text);
}

/** Moves what is selected by one grid step, or by four. */
export function nudge(direction: Point, far: boolean): void {
  const { document, selection, dispatch } = useProject.getState();
  const step = far ? 32 : 8;
  const by = { x: direction.x * step, y: direction.y * step };
  const moves = document === null ? [] : moveSelection(document.graph, selection, by);
  const ids = flowIdsOf(selection);
  dispatch(moves, { label: moveLabel(ids), merge: `nudge ${ids.join(' ')}` });
}

/**
 * Adds a block with its header's middle at a point of the flow, wired where a wire led there, and selects
 * it. On the frame of a group it joins that group.
 */
export function addOption(option: AddOption, from: OpenEnd | null, at: Point): void {
  const state = useProject.getState();
  const added = addOptionEdits(state, option, from, at);
  if (state.document === null || added === null) return;
  const { graph } = state.document;
  const index = groupIndex(graph);
  const boxes = frameBoxes(graph, useFlow.getState().nodes, new Set());
  const group = frameAt(index, boxes, { x: at.x, y: storedY(at.y, roomsNow(graph.nodes)) });
  const joining = group === null ? [] : moveToGroup(graph, [added.id], group.id);
  state.dispatch([...added.edits, ...joining], { label: added.label });
  state.select({ nodes: [added.id] });
}

/** The same for a block that is dragged here. */
export function add(blockId: string, at: Point): void {
  const block = findBlock(blockId);
  if (block !== undefined) addOption({ block, port: null }, null, at);
  else reportError(unknownBlock(blockId));
}

/** Lays the network out in layers; settles when the blocks have glided to their places. */
export async function tidy(): Promise<void> {
  const { document, dispatch } = useProject.getState();
  if (document === null) return;
  const { nodes } = useFlow.getState();
  const sizes = new Map(nodes.map((node) => [node.id, boxOf(node)]));
  dispatch(tidyEdits(document.graph, sizes), { label: 'Tidy up' });
  await glide(new Map(nodes.map(({ id, position }) => [id, position])));
}

/** What is dragged snaps to its neighbours; the canvas draws the lines that it met. */
import type { NodeChange } from 'reactflow';
import { create } from 'zustand';
import { snapTo, type Guide } from './arrange.js';
import { boundsOf, boxOf } from './boxes.js';
import type { CanvasNode } from './flow.js';

/** In the flow's pixels. */
const reach = 6;

interface DraggingState {
  guides: readonly Guide[];
  /** Held Alt lets a block stand anywhere on the grid. */
  free: boolean;
}

export const useDragging = create<DraggingState>()(() => ({ guides: [], free: false }));

/** The changes of a drag with their places moved onto the lines of the blocks that stay. */
export function snapChanges(
  changes: NodeChange<CanvasNode>[],
  nodes: readonly CanvasNode[],
): NodeChange<CanvasNode>[] {
  const ends = changes.every((change) => change.type !== 'position' || change.dragging !== true);
  const dragged = new Map(
    changes.flatMap((change) =>
      change.type === 'position' && change.position !== undefined
        ? [[change.id, change.position] as const]
        : [],
    ),
  );
  const moved = nodes.flatMap((node) => {
    const position = dragged.get(node.id);
    // The arrow keys move in steps of the grid.
    return position === undefined || node.dragging !== true
      ? []
      : [{ ...boxOf(node), ...position }];
  });
  if (moved.length === 0 || useDragging.getState().free) {
    if (ends || moved.length > 0) hideGuides();
    return changes;
  }
  const others = nodes.filter(({ id, type }) => !dragged.has(id) && type !== 'frame').map(boxOf);
  const { by, guides } = snapTo(boundsOf(moved), others, reach);
  if (ends) hideGuides();
  else useDragging.setState({ guides });
  return changes.map((change) =>
    change.type === 'position' && change.position !== undefined
      ? { ...change, position: { x: change.position.x + by.x, y: change.position.y + by.y } }
      : change,
  );
}

function hideGuides(): void {
  if (useDragging.getState().guides.length > 0) useDragging.setState({ guides: [] });
}

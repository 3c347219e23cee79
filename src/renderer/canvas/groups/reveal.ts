/** A block that is to be shown comes out of the collapsed groups around it first. */
import { useEffect } from 'react';
import { groupIndex, reveal, standIn } from '#shared/graph/groups';
import { useProject } from '../../stores/project.js';
import { useFlow } from '../flow.js';

/** True once the block is on the canvas with its size. Collapsed groups around it are expanded. */
export function useRevealed(node: string | null): boolean {
  useEffect(() => {
    const { document, dispatch } = useProject.getState();
    if (node === null || document === null) return;
    const { graph } = document;
    if (standIn(groupIndex(graph), node) !== null)
      dispatch(reveal(graph, node), { label: 'Expand group' });
  }, [node]);
  return useFlow(
    (state) => node !== null && state.nodes.some(({ id, measured }) => id === node && measured),
  );
}

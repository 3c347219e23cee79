import type { Problem } from '#shared/graph/problems';
import { useDesign } from '../stores/design.js';
import { useProject } from '../stores/project.js';
import { useStudio } from '../stores/studio.js';

/** Selects what a problem is about and brings it to the middle; what is no block's fault is the data's. */
export function showProblem(problem: Problem): void {
  const { select, document } = useProject.getState();
  const edge = document?.graph.edges.find((one) => one.id === problem.edge);
  const node = problem.node ?? edge?.target.node ?? null;
  if (node === null) {
    useStudio.getState().setView('data');
    return;
  }
  if (problem.node === null && edge !== undefined) select({ edges: [edge.id] });
  else select({ nodes: [node] });
  useDesign.getState().centreOn(node);
}

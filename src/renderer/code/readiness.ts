/** Whether the network can be written as code now, and what stops it. Pure. */
import type { DataFacts } from '#shared/data/facts';
import type { ProjectDocument } from '#shared/graph/document';
import type { Problem } from '#shared/graph/problems';
import type { ProjectState } from '../stores/project.js';

export type Readiness =
  | { kind: 'ready'; document: ProjectDocument; facts: DataFacts }
  /** `problem` null: nothing is wrong, it only takes a moment. */
  | { kind: 'stopped'; text: string; problem: Problem | null };

export function readiness({
  document,
  facts,
  preview,
  problems,
}: Pick<ProjectState, 'document' | 'facts' | 'preview' | 'problems'>): Readiness {
  const problem = problems.find(({ severity }) => severity === 'error') ?? null;
  if (problem !== null) return { kind: 'stopped', text: problem.message, problem };
  if (document === null || facts === null || preview.phase !== 'ready')
    return { kind: 'stopped', text: 'The data is being prepared.', problem: null };
  return { kind: 'ready', document, facts };
}

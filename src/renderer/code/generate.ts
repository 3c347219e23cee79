/** Generated code of a whole project, in a chunk of its own: the emitters are as large as the window. */
import { generators } from '#shared/codegen/index';
import type { CodeFile } from '#shared/codegen/types';
import type { DataFacts } from '#shared/data/facts';
import type { ProjectDocument } from '#shared/graph/document';
import { lower } from '#shared/ir/lower';
import type { CodeTarget } from '../stores/code.js';

/** @throws StudioError where the network is not ready or the target can't express it. */
export function generate(
  target: CodeTarget,
  document: ProjectDocument,
  facts: DataFacts,
): CodeFile[] {
  return generators[target]({ document, program: lower(document, facts), facts }).files;
}

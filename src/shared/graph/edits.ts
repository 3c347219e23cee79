/** Every change to a document, as data with an inverse. Undo, redo, autosave and tests use this union. */
import type { DataRecipe } from '../data/recipe.js';
import type { TrainingRecipe } from '../training/recipe.js';
import type { GraphEdge, GraphNode, ProjectDocument } from './document.js';

export type Params = GraphNode['params'];

export type Edit =
  | { type: 'add-node'; node: GraphNode; index?: number }
  /** Refused while edges still touch the node: use `removeNodes` to build the whole list. */
  | { type: 'remove-node'; id: string }
  | { type: 'move-node'; id: string; position: { x: number; y: number } }
  | { type: 'rename-node'; id: string; name: string }
  | { type: 'set-params'; id: string; params: Params }
  | { type: 'add-edge'; edge: GraphEdge; index?: number }
  | { type: 'remove-edge'; id: string }
  | { type: 'set-name'; name: string }
  | { type: 'set-description'; description: string }
  | { type: 'set-data'; data: DataRecipe }
  | { type: 'set-training'; training: TrainingRecipe };

export interface EditResult {
  /** Keeps the identity of everything that the edits did not touch. */
  document: ProjectDocument;
  /** Applied in order, brings the earlier document back. */
  inverse: Edit[];
}

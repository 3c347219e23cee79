/**
 * The project document, `*.unroll.json`. The schema is the type. A newer version is refused, an older
 * one goes through `migrations.ts` first.
 */
import { z } from 'zod';
import { dataRecipeSchema } from '../data/recipe.js';
import { trainingRecipeSchema } from '../training/recipe.js';

export const documentFormat = 'unroll-project';
export const documentVersion = 1;

const id = z.string().min(1).max(200);

/** Names that can stand in parameter paths (`lstm_1/kernel`) and as keys of objects. */
const nodeId = id.regex(
  /^(?!__proto__$)[\w.-]+$/,
  'may only hold letters, digits, "_", "-" and "."',
);

export const graphNodeSchema = z.object({
  id: nodeId,
  /** Catalog id of the block. */
  block: z.string().min(1),
  /** The user's name for it, shown on the canvas; unique names come from checks, not from the schema. */
  name: z.string().max(200),
  /** Checked against the block's own schema by the graph checks, so that a bad value stays editable. */
  params: z.record(z.string(), z.json()),
  position: z.object({ x: z.number(), y: z.number() }),
});
export type GraphNode = z.infer<typeof graphNodeSchema>;

export const portReferenceSchema = z.object({ node: nodeId, port: z.string().min(1) });
export type PortReference = z.infer<typeof portReferenceSchema>;

export const graphEdgeSchema = z.object({
  id,
  source: portReferenceSchema,
  target: portReferenceSchema,
});
export type GraphEdge = z.infer<typeof graphEdgeSchema>;

const uniqueIds = (
  list: 'nodes' | 'edges',
  items: readonly { id: string }[],
  context: z.RefinementCtx,
): void => {
  const seen = new Set<string>();
  items.forEach((item, index) => {
    if (seen.has(item.id)) {
      context.addIssue({
        code: 'custom',
        path: [list, index, 'id'],
        message: `the id "${item.id}" is used twice`,
      });
    }
    seen.add(item.id);
  });
};

export const graphSchema = z
  .object({ nodes: z.array(graphNodeSchema), edges: z.array(graphEdgeSchema) })
  .superRefine(({ nodes, edges }, context) => {
    uniqueIds('nodes', nodes, context);
    uniqueIds('edges', edges, context);
  });
export type Graph = z.infer<typeof graphSchema>;

export const projectDocumentSchema = z.object({
  format: z.literal(documentFormat),
  version: z.literal(documentVersion),
  /** Stays the same through renames and moves; runs refer to it. */
  id,
  name: z.string().min(1).max(200),
  description: z.string().max(10_000).default(''),
  graph: graphSchema,
  data: dataRecipeSchema,
  training: trainingRecipeSchema,
});
export type ProjectDocument = z.infer<typeof projectDocumentSchema>;

/**
 * The project document, `*.unroll.json`. The schema is the type. A newer version is refused, an older
 * one goes through `migrations.ts` first.
 */
import { z } from 'zod';
import { dataRecipeSchema } from '../data/recipe.js';
import { trainingRecipeSchema } from '../training/recipe.js';

export const documentFormat = 'unroll-project';
export const documentVersion = 3;

const id = z.string().min(1).max(200);

/** Names that can stand in parameter paths (`lstm_1/kernel`) and as keys of objects. */
const nodeId = id.regex(
  /^(?!__proto__$)[\w.-]+$/,
  'may only hold letters, digits, "_", "-" and "."',
);

const positionSchema = z.object({ x: z.number(), y: z.number() });

export const graphNodeSchema = z.object({
  id: nodeId,
  /** Catalog id of the block. */
  block: z.string().min(1),
  /** The user's name for it, shown on the canvas; unique names come from checks, not from the schema. */
  name: z.string().max(200),
  /** Checked against the block's own schema by the graph checks, so that a bad value stays editable. */
  params: z.record(z.string(), z.json()),
  position: positionSchema,
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

/** Blocks under one name. They stay in `nodes` and `edges`: nothing that is computed depends on groups. */
export const graphGroupSchema = z.object({
  id: nodeId,
  name: z.string().max(200),
  /** The blocks that are in this group itself, not in a group inside it; a block is in one group at most. */
  nodes: z.array(nodeId),
  /** The group around it. */
  parent: nodeId.nullable(),
  collapsed: z.boolean(),
  /** Where the one block stands that is shown while it is collapsed. */
  position: positionSchema,
});
export type GraphGroup = z.infer<typeof graphGroupSchema>;

/** A note on the canvas: plain text with line breaks. */
export const graphCommentSchema = z.object({
  id: nodeId,
  text: z.string().max(10_000),
  position: positionSchema,
  /** In pixels at 100 %. */
  size: z.object({
    width: z.number().positive().max(10_000),
    height: z.number().positive().max(10_000),
  }),
});
export type GraphComment = z.infer<typeof graphCommentSchema>;

const uniqueIds = (
  list: 'nodes' | 'edges' | 'groups' | 'comments',
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

/** Groups hold blocks that exist, each block at most once, and no group is inside itself. */
function checkGroups(
  nodes: readonly GraphNode[],
  groups: readonly GraphGroup[],
  context: z.RefinementCtx,
): void {
  const complain = (path: PropertyKey[], message: string): void =>
    context.addIssue({ code: 'custom', path: ['groups', ...path], message });
  const known = new Set(nodes.map((node) => node.id));
  const parents = new Map(groups.map((group) => [group.id, group.parent]));
  const holders = new Map<string, string>();
  groups.forEach((group, index) => {
    group.nodes.forEach((node, at) => {
      const holder = holders.get(node);
      if (!known.has(node))
        complain(
          [index, 'nodes', at],
          `the group "${group.id}" holds "${node}", which is no block`,
        );
      else if (holder !== undefined)
        complain(
          [index, 'nodes', at],
          `the block "${node}" is in the group "${holder}" and again in "${group.id}"`,
        );
      holders.set(node, group.id);
    });
    if (group.parent !== null && !parents.has(group.parent))
      complain(
        [index, 'parent'],
        `the group "${group.id}" is inside "${group.parent}", which is no group`,
      );
    const seen = new Set<string>();
    let around: string | null = group.id;
    while (around !== null && !seen.has(around)) {
      seen.add(around);
      around = parents.get(around) ?? null;
    }
    if (around === group.id)
      complain([index, 'parent'], `the group "${group.id}" is inside itself`);
  });
}

export const graphSchema = z
  .object({
    nodes: z.array(graphNodeSchema),
    edges: z.array(graphEdgeSchema),
    groups: z.array(graphGroupSchema),
    comments: z.array(graphCommentSchema),
  })
  .superRefine(({ nodes, edges, groups, comments }, context) => {
    uniqueIds('nodes', nodes, context);
    uniqueIds('edges', edges, context);
    uniqueIds('groups', groups, context);
    uniqueIds('comments', comments, context);
    checkGroups(nodes, groups, context);
  });
export type Graph = z.infer<typeof graphSchema>;

export const emptyGraph: Graph = { nodes: [], edges: [], groups: [], comments: [] };

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

/** Names of groups and comments among React Flow's nodes; a block goes by its own id, which has no colon. */
import type { PortReference } from '#shared/graph/document';

export type ItemKind = 'nodes' | 'groups' | 'comments';

const prefixes = { nodes: '', groups: 'group:', comments: 'comment:' };

export const flowId = (kind: ItemKind, id: string): string => `${prefixes[kind]}${id}`;

export function itemOf(id: string): { kind: ItemKind; id: string } {
  for (const kind of ['groups', 'comments'] as const)
    if (id.startsWith(prefixes[kind])) return { kind, id: id.slice(prefixes[kind].length) };
  return { kind: 'nodes', id };
}

/** What is selected, as React Flow names it. */
export const flowIdsOf = (selection: Readonly<Record<ItemKind, readonly string[]>>): string[] =>
  (['nodes', 'groups', 'comments'] as const).flatMap((kind) =>
    selection[kind].map((id) => flowId(kind, id)),
  );

/** A port at the border of a collapsed group is the port of a block inside it. */
export const boundaryHandle = ({ node, port }: PortReference): string => `${node}/${port}`;

/** The port that a handle of React Flow stands for. */
export function portAt(flowNode: string, handle: string): PortReference {
  if (itemOf(flowNode).kind === 'nodes') return { node: flowNode, port: handle };
  const slash = handle.indexOf('/');
  return { node: handle.slice(0, slash), port: handle.slice(slash + 1) };
}

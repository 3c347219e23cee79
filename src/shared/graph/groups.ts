/**
 * Groups: which block is in which, what stands for it on the canvas while a group is collapsed, and the
 * edits that group and ungroup. Nothing that is computed depends on them.
 */
import type { Graph, GraphGroup } from './document.js';
import type { Edit } from './edits.js';
import { freshNumberedId } from './ids.js';

/** Blocks and whole groups that something is done with. */
export interface Items {
  readonly nodes: readonly string[];
  readonly groups: readonly string[];
}

export interface GroupIndex {
  readonly byId: ReadonlyMap<string, GraphGroup>;
  /** The group that holds a block itself. */
  readonly ofNode: ReadonlyMap<string, GraphGroup>;
  /** The groups right inside a group. */
  readonly inside: ReadonlyMap<string, readonly GraphGroup[]>;
}

const indexes = new WeakMap<GraphGroup[], GroupIndex>();

/** Made once for each list of groups. */
export function groupIndex({ groups }: Pick<Graph, 'groups'>): GroupIndex {
  const known = indexes.get(groups);
  if (known !== undefined) return known;
  const inside = new Map<string, GraphGroup[]>(groups.map(({ id }) => [id, []]));
  for (const group of groups) if (group.parent !== null) inside.get(group.parent)?.push(group);
  const index: GroupIndex = {
    byId: new Map(groups.map((group) => [group.id, group])),
    ofNode: new Map(groups.flatMap((group) => group.nodes.map((node) => [node, group]))),
    inside,
  };
  indexes.set(groups, index);
  return index;
}

/** The group itself and those around it, innermost first; none for null. */
export function chainOf({ byId }: GroupIndex, group: string | null): GraphGroup[] {
  const chain: GraphGroup[] = [];
  for (let id = group; id !== null;) {
    const one = byId.get(id);
    if (one === undefined) break;
    chain.push(one);
    id = one.parent;
  }
  return chain;
}

/** The group and every group inside it. */
export function withInner(index: GroupIndex, id: string): GraphGroup[] {
  const group = index.byId.get(id);
  if (group === undefined) return [];
  return [group, ...(index.inside.get(id) ?? []).flatMap((one) => withInner(index, one.id))];
}

/** Every block in the group and in those inside it. */
export const membersOf = (index: GroupIndex, id: string): string[] =>
  withInner(index, id).flatMap((group) => group.nodes);

/** The outermost collapsed group around a block: what the canvas shows in its place. Null for none. */
export function standIn(index: GroupIndex, node: string): GraphGroup | null {
  const chain = chainOf(index, index.ofNode.get(node)?.id ?? null);
  return chain.findLast((group) => group.collapsed) ?? null;
}

/** True where a collapsed group around it hides this group. */
export const isHidden = (index: GroupIndex, { parent }: GraphGroup): boolean =>
  chainOf(index, parent).some((group) => group.collapsed);

/** The blocks, and those of the groups, each once and in document order. */
export function allNodes(graph: Graph, { nodes, groups }: Items): string[] {
  if (groups.length === 0) return [...nodes];
  const index = groupIndex(graph);
  const chosen = new Set([...nodes, ...groups.flatMap((id) => membersOf(index, id))]);
  return graph.nodes.flatMap(({ id }) => (chosen.has(id) ? [id] : []));
}

/** The innermost group that holds all of these blocks, itself or in groups inside it. */
export function commonGroup(graph: Graph, nodes: readonly string[]): GraphGroup | null {
  const index = groupIndex(graph);
  const groups = nodes.map((node) => index.ofNode.get(node)?.id ?? null);
  return commonOf(index, groups);
}

function commonOf(index: GroupIndex, groups: readonly (string | null)[]): GraphGroup | null {
  const [first = [], ...others] = groups.map((id) => chainOf(index, id));
  return first.find((group) => others.every((chain) => chain.includes(group))) ?? null;
}

/** Edits on a copy of the groups: each change is noted, and later ones see it. */
class Regrouping {
  readonly edits: Edit[] = [];
  private groups: GraphGroup[];

  constructor(graph: Graph) {
    this.groups = graph.groups;
  }

  index(): GroupIndex {
    return groupIndex({ groups: this.groups });
  }

  set(group: GraphGroup): void {
    this.groups = this.groups.map((one) => (one.id === group.id ? group : one));
    this.edits.push({ type: 'set-group', group });
  }

  add(group: GraphGroup): void {
    this.groups = [...this.groups, group];
    this.edits.push({ type: 'add-group', group });
  }

  remove(id: string): void {
    this.groups = this.groups.filter((one) => one.id !== id);
    this.edits.push({ type: 'remove-group', id });
  }

  /** Takes blocks out of their groups. */
  release(nodes: ReadonlySet<string>): void {
    for (const group of this.groups) {
      const left = group.nodes.filter((node) => !nodes.has(node));
      if (left.length < group.nodes.length) this.set({ ...group, nodes: left });
    }
  }

  /** Removes those of `before` that have lost all they held, innermost first. */
  dropEmptied(before: GraphGroup[]): void {
    const index = groupIndex({ groups: before });
    const depth = (group: GraphGroup): number => chainOf(index, group.id).length;
    for (const { id } of before
      .filter((group) => membersOf(index, group.id).length > 0)
      .sort((a, b) => depth(b) - depth(a)))
      if (membersOf(this.index(), id).length === 0 && this.index().inside.get(id)?.length === 0)
        this.remove(id);
  }
}

/** Takes blocks out of their groups; groups that become empty go. */
export function leaveGroups(graph: Graph, nodes: ReadonlySet<string>): Edit[] {
  if (graph.groups.length === 0) return [];
  const work = new Regrouping(graph);
  work.release(nodes);
  work.dropEmptied(graph.groups);
  return work.edits;
}

/** Puts blocks into a group, or with null into none. Those that are there already stay. */
export function moveToGroup(graph: Graph, nodes: readonly string[], group: string | null): Edit[] {
  const index = groupIndex(graph);
  const moved = nodes.filter((node) => (index.ofNode.get(node)?.id ?? null) !== group);
  if (moved.length === 0) return [];
  const work = new Regrouping(graph);
  work.release(new Set(moved));
  const target = group === null ? undefined : work.index().byId.get(group);
  if (target !== undefined) work.set({ ...target, nodes: [...target.nodes, ...moved] });
  work.dropEmptied(graph.groups);
  return work.edits;
}

/** `Group`, `Group 2`, …: the first name that no group has. */
function freshGroupName({ groups }: Graph): string {
  const taken = new Set(groups.map((group) => group.name));
  let name = 'Group';
  for (let number = 2; taken.has(name); number += 1) name = `Group ${number}`;
  return name;
}

/**
 * A new group around blocks and whole groups, inside the innermost group that they share. Blocks of other
 * groups leave those. Null where there is nothing to group.
 */
export function groupItems(graph: Graph, items: Items): { edits: Edit[]; id: string } | null {
  const index = groupIndex(graph);
  const chosen = new Set(items.groups.filter((id) => index.byId.has(id)));
  const inChosen = (group: string | null): boolean =>
    chainOf(index, group).some(({ id }) => chosen.has(id));
  const groups = graph.groups.filter(({ id, parent }) => chosen.has(id) && !inChosen(parent));
  const holder = (node: string): string | null => index.ofNode.get(node)?.id ?? null;
  const nodes = items.nodes.filter((node) => !inChosen(holder(node)));
  const members = new Set(allNodes(graph, { nodes, groups: groups.map((group) => group.id) }));
  const places = graph.nodes.flatMap(({ id, position }) => (members.has(id) ? [position] : []));
  if (places.length === 0) return null;
  const parent = commonOf(index, [...nodes.map(holder), ...groups.map((group) => group.parent)]);
  const id = freshNumberedId(graph.groups, 'group');
  const work = new Regrouping(graph);
  work.release(new Set(nodes));
  work.add({
    id,
    name: freshGroupName(graph),
    nodes,
    parent: parent?.id ?? null,
    collapsed: false,
    position: cornerOf(places),
  });
  for (const { id: inner } of groups) {
    const group = work.index().byId.get(inner);
    if (group !== undefined) work.set({ ...group, parent: id });
  }
  work.dropEmptied(graph.groups);
  return { edits: work.edits, id };
}

/** Dissolves groups: what they hold goes to the group around them. */
export function ungroup(graph: Graph, ids: readonly string[]): Edit[] {
  const work = new Regrouping(graph);
  for (const id of ids) {
    const group = work.index().byId.get(id);
    if (group === undefined) continue;
    for (const inner of work.index().inside.get(id) ?? [])
      work.set({ ...inner, parent: group.parent });
    work.remove(id);
    const around = group.parent === null ? undefined : work.index().byId.get(group.parent);
    if (around !== undefined && group.nodes.length > 0)
      work.set({ ...around, nodes: [...around.nodes, ...group.nodes] });
  }
  return work.edits;
}

interface Point {
  x: number;
  y: number;
}

const cornerOf = (places: readonly Point[]): Point => ({
  x: Math.min(...places.map(({ x }) => x)),
  y: Math.min(...places.map(({ y }) => y)),
});

/** Collapses or expands. The block of a collapsed group stands where its first block did. */
export function setCollapsed(graph: Graph, ids: readonly string[], collapsed: boolean): Edit[] {
  const index = groupIndex(graph);
  return ids.flatMap((id): Edit[] => {
    const group = index.byId.get(id);
    if (group === undefined || group.collapsed === collapsed) return [];
    const members = new Set(membersOf(index, id));
    const places = graph.nodes.flatMap((node) => (members.has(node.id) ? [node.position] : []));
    const position = collapsed ? (places[0] ?? group.position) : group.position;
    return [{ type: 'set-group', group: { ...group, collapsed, position } }];
  });
}

/** Expands every collapsed group around a block, so that it can be seen. */
export function reveal(graph: Graph, node: string): Edit[] {
  const index = groupIndex(graph);
  const chain = chainOf(index, index.ofNode.get(node)?.id ?? null);
  return setCollapsed(
    graph,
    chain.map((group) => group.id),
    false,
  );
}

/** Moves groups with all that they hold, and single blocks, by one offset. */
export function moveItems(graph: Graph, { nodes, groups }: Items, by: Point): Edit[] {
  const index = groupIndex(graph);
  const moved = new Set(groups.flatMap((id) => withInner(index, id)));
  const members = new Set([...nodes, ...[...moved].flatMap((group) => group.nodes)]);
  const shift = ({ x, y }: Point): Point => ({ x: x + by.x, y: y + by.y });
  return [
    ...graph.nodes.flatMap(({ id, position }): Edit[] =>
      members.has(id) ? [{ type: 'move-node', id, position: shift(position) }] : [],
    ),
    ...[...moved].map((group): Edit => ({
      type: 'set-group',
      group: { ...group, position: shift(group.position) },
    })),
  ];
}

/** A wire end at the border of a collapsed group: the port inside that the wire really joins. */
export interface BoundaryPort {
  node: string;
  port: string;
}

/** The ports of blocks in the group to which wires from outside lead: one each, however many wires. */
export function boundaryPorts(
  graph: Graph,
  id: string,
): { inputs: BoundaryPort[]; outputs: BoundaryPort[] } {
  const members = new Set(membersOf(groupIndex(graph), id));
  const inputs = new Map<string, BoundaryPort>();
  const outputs = new Map<string, BoundaryPort>();
  for (const { source, target } of graph.edges) {
    const [from, into] = [members.has(source.node), members.has(target.node)];
    if (into && !from) inputs.set(JSON.stringify([target.node, target.port]), target);
    if (from && !into) outputs.set(JSON.stringify([source.node, source.port]), source);
  }
  return { inputs: [...inputs.values()], outputs: [...outputs.values()] };
}

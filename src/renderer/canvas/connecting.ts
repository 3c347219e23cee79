/** The connection that is being made: which ports would take it, and why the others would not. */
import type { Connection, Edge } from 'reactflow';
import { create } from 'zustand';
import type { Fix } from '#shared/graph/problems';
import type { PortReference } from '#shared/graph/document';
import { judge, portsOfAll, type Side } from '../stores/graph.js';
import { useProject } from '../stores/project.js';
import { portAt } from './groups/ids.js';

/** An end of a connection that is not complete yet. */
export type OpenEnd = PortReference & { side: Side };

export interface Refusal {
  reason: string;
  fixes: Fix[];
}

interface ConnectingState {
  from: OpenEnd | null;
  /**
   * The end for which the ports show whether they take it. It follows `from` in a task of its own: to mark
   * the ports of 300 blocks takes longer than a frame has, and a wire shall start and end at once.
   */
  marked: OpenEnd | null;
  /** What was refused when it was dropped, in canvas pixels. */
  refused: (Refusal & { x: number; y: number }) | null;
}

export const useConnecting = create<ConnectingState>()(() => ({
  from: null,
  marked: null,
  refused: null,
}));

export const portKey = (node: string, port: string, side: Side): string =>
  JSON.stringify([node, port, side]);

export const otherSide = (side: Side): Side => (side === 'source' ? 'target' : 'source');

/** The two ends in the direction in which values flow. */
export const ends = (
  from: OpenEnd,
  to: PortReference,
): { source: PortReference; target: PortReference } => {
  const first = { node: from.node, port: from.port };
  const second = { node: to.node, port: to.port };
  return from.side === 'source'
    ? { source: first, target: second }
    : { source: second, target: first };
};

/** By `portKey`: null where the port takes the connection. A missing key is on the wrong side. */
type Verdicts = ReadonlyMap<string, Refusal | null>;
const judged = new WeakMap<OpenEnd, Verdicts>();

function judgeAll(from: OpenEnd): Verdicts {
  const state = useProject.getState();
  const other = otherSide(from.side);
  const verdicts = new Map<string, Refusal | null>();
  for (const port of portsOfAll(state, other)) {
    const { source, target } = ends(from, port);
    const verdict = judge(state, source, target);
    verdicts.set(portKey(port.node, port.port, other), verdict.ok ? null : verdict);
  }
  return verdicts;
}

/** Of every port of the other side, judged once for each connection that is started. */
export function verdictsFor(from: OpenEnd): Verdicts {
  const verdicts = judged.get(from) ?? judgeAll(from);
  judged.set(from, verdicts);
  return verdicts;
}

function follow(next: Pick<ConnectingState, 'from' | 'refused'>): void {
  useConnecting.setState(next);
  setTimeout(() => useConnecting.setState(({ from }) => ({ marked: from })));
}

export const startConnecting = (from: OpenEnd): void => follow({ from, refused: null });

export const stopConnecting = (refused: ConnectingState['refused'] = null): void =>
  follow({ from: null, refused });

/** React Flow asks at every move of the pointer. */
export function isValidConnection(connection: Connection | Edge): boolean {
  const { from } = useConnecting.getState();
  if (from === null) return false;
  const { node, port } =
    from.side === 'source'
      ? portAt(connection.target, connection.targetHandle ?? '')
      : portAt(connection.source, connection.sourceHandle ?? '');
  return verdictsFor(from).get(portKey(node, port, otherSide(from.side))) === null;
}

export function connect(source: PortReference, target: PortReference): void {
  const state = useProject.getState();
  const verdict = judge(state, source, target);
  if (verdict.ok) state.dispatch(verdict.edits, { label: 'Connect' });
}

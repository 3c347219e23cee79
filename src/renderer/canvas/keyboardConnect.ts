/** Making a connection with the keyboard alone: from a port of the selected block to the ports that take it. */
import { create } from 'zustand';
import { blockView, nodeOf, portsOfAll, type PortEntry } from '../stores/graph.js';
import { useDesign } from '../stores/design.js';
import { useProject } from '../stores/project.js';
import {
  connect,
  ends,
  otherSide,
  portKey,
  startConnecting,
  stopConnecting,
  verdictsFor,
  type OpenEnd,
} from './connecting.js';

interface KeyboardConnectState {
  /** The ports of the block that a connection can start from: outputs, then inputs. */
  starts: readonly (OpenEnd & { label: string })[];
  start: number;
  /** Those that take it, in document order. */
  targets: readonly PortEntry[];
  target: number;
}

export const useKeyboardConnect = create<KeyboardConnectState | { starts: null }>()(() => ({
  starts: null,
}));

function startsOf(node: string): (OpenEnd & { label: string })[] {
  const ports = blockView(useProject.getState(), node)?.ports;
  const of = (side: 'source' | 'target') =>
    (side === 'source' ? ports?.outputs : ports?.inputs) ?? [];
  return (['source', 'target'] as const).flatMap((side) =>
    of(side).map(({ name, label }) => ({ node, port: name, side, label })),
  );
}

function from(starts: KeyboardConnectState['starts'], start: number): void {
  const end = starts[start];
  if (end === undefined) return;
  const open: OpenEnd = { node: end.node, port: end.port, side: end.side };
  startConnecting(open);
  const verdicts = verdictsFor(open);
  const side = otherSide(end.side);
  const targets = portsOfAll(useProject.getState(), side).filter(
    ({ node, port }) => verdicts.get(portKey(node, port, side)) === null,
  );
  useKeyboardConnect.setState({ starts, start, targets, target: 0 });
  showTarget();
}

function showTarget(): void {
  const state = useKeyboardConnect.getState();
  const target = state.starts === null ? undefined : state.targets[state.target];
  if (target !== undefined) useDesign.getState().bringIntoView(target.node);
}

/** Begins at the selected block's first output; again: its next port. */
export function beginOrNext(node: string): void {
  const state = useKeyboardConnect.getState();
  if (state.starts !== null) from(state.starts, (state.start + 1) % state.starts.length);
  else {
    const starts = startsOf(node);
    if (starts.length > 0) from(starts, 0);
  }
}

export function nextTarget(step: 1 | -1): void {
  const state = useKeyboardConnect.getState();
  if (state.starts === null || state.targets.length === 0) return;
  const { length } = state.targets;
  useKeyboardConnect.setState({ ...state, target: (state.target + step + length) % length });
  showTarget();
}

export function endKeyboardConnect(connects: boolean): void {
  const state = useKeyboardConnect.getState();
  if (state.starts === null) return;
  const start = state.starts[state.start];
  const target = state.targets[state.target];
  useKeyboardConnect.setState({ starts: null }, true);
  stopConnecting();
  if (!connects || start === undefined || target === undefined) return;
  const { source, target: to } = ends(start, target);
  connect(source, to);
}

/** `Embedding, Output`, as a person finds it on the canvas. */
export const portName = ({ node, label }: { node: string; label: string }): string =>
  `${nodeOf(useProject.getState(), node)?.name ?? node}, ${label}`;

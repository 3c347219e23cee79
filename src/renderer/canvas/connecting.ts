/** The connection that is being dragged: which ports would take it, and why the others would not. */
import { create } from 'zustand';
import type { Fix } from '#shared/graph/problems';
import type { PortReference } from '#shared/graph/document';
import type { Side } from '../stores/graph.js';

export interface Refusal {
  reason: string;
  fixes: Fix[];
}

interface ConnectingState {
  from: (PortReference & { side: Side }) | null;
  /** By `portKey`: null where the port takes the connection. A missing key is on the wrong side. */
  verdicts: ReadonlyMap<string, Refusal | null>;
  /** What was refused when it was dropped, in canvas pixels. */
  refused: (Refusal & { x: number; y: number }) | null;
}

export const useConnecting = create<ConnectingState>()(() => ({
  from: null,
  verdicts: new Map(),
  refused: null,
}));

export const portKey = (node: string, port: string, side: Side): string =>
  JSON.stringify([node, port, side]);

import type { ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { useStore } from 'reactflow';

const layers = new WeakMap<Element, Element>();

/** React Flow's layer for labels, looked up once for each canvas. */
function layerOf(canvas: Element | null): Element | null {
  if (canvas === null) return null;
  const known = layers.get(canvas);
  if (known !== undefined) return known;
  const layer = canvas.querySelector('.react-flow__edgelabel-renderer');
  if (layer !== null) layers.set(canvas, layer);
  return layer;
}

/**
 * Draws its children above all wires. As `EdgeLabelRenderer`, which searches the page for its layer again
 * for each wire at each move of the pointer.
 */
export function WireLabel({ children }: { children: ReactNode }) {
  const layer = useStore((state) => layerOf(state.domNode));
  return layer === null ? null : createPortal(children, layer);
}

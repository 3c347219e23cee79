import { useEffect, useRef, type RefObject } from 'react';
import type { ReactFlowInstance } from 'reactflow';
import type { CanvasNode, WireFlowEdge } from './flow.js';

export const fitOptions = { padding: 0.12, maxZoom: 1 };

interface Size {
  width: number;
  height: number;
}

/** A network that was in view as a whole stays so when the canvas gets another size, say beside the code. */
export function useKeepInView(
  container: RefObject<HTMLDivElement | null>,
  flow: ReactFlowInstance<CanvasNode, WireFlowEdge>,
): void {
  const before = useRef<Size | null>(null);
  useEffect(() => {
    const element = container.current;
    if (element === null) return;
    const allVisible = ({ width, height }: Size): boolean => {
      const bounds = flow.getNodesBounds(flow.getNodes());
      const { x, y, zoom } = flow.getViewport();
      return (
        bounds.x * zoom + x >= 0 &&
        bounds.y * zoom + y >= 0 &&
        (bounds.x + bounds.width) * zoom + x <= width &&
        (bounds.y + bounds.height) * zoom + y <= height
      );
    };
    let frame = 0;
    const observer = new ResizeObserver(() => {
      const { clientWidth: width, clientHeight: height } = element;
      const old = before.current;
      before.current = { width, height };
      if (old === null || flow.getNodes().length === 0 || !allVisible(old)) return;
      cancelAnimationFrame(frame);
      // React Flow measures itself first.
      frame = requestAnimationFrame(() => void flow.fitView(fitOptions));
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      cancelAnimationFrame(frame);
    };
  }, [container, flow]);
}

import { useEffect, useRef } from 'react';
import type { EChartsType } from 'echarts/core';
import { init } from './echarts.js';
import type { LaneOption } from './laneOption.js';

/**
 * One ECharts instance: follows the size of its container and is disposed with it. `label` is the
 * chart in words, for those who can't see it.
 * @param crosshair where it stands, in pixels; null leaves it to the pointer.
 */
export function Chart({
  option,
  label,
  crosshair,
}: {
  option: LaneOption;
  label: string;
  crosshair: { x: number; y: number } | null;
}) {
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);

  useEffect(() => {
    const container = element.current;
    if (container === null) return;
    const instance = init(container);
    chart.current = instance;
    const observer = new ResizeObserver(() => instance.resize());
    observer.observe(container);
    return () => {
      observer.disconnect();
      instance.dispose();
      chart.current = null;
    };
  }, []);

  useEffect(() => {
    // Axes and series that are no longer there must go.
    chart.current?.setOption(option, { replaceMerge: ['series', 'grid', 'xAxis', 'yAxis'] });
  }, [option]);

  const { x = null, y = null } = crosshair ?? {};
  useEffect(() => {
    if (x === null || y === null) return;
    chart.current?.dispatchAction({ type: 'showTip', x, y });
    return () => {
      chart.current?.dispatchAction({ type: 'hideTip' });
      chart.current?.dispatchAction({ type: 'updateAxisPointer', currTrigger: 'leave' });
    };
  }, [option, x, y]);

  return (
    <div ref={element} role="img" aria-label={label} style={{ width: '100%', height: '100%' }} />
  );
}

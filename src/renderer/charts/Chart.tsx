import { useEffect, useRef } from 'react';
import type { EChartsType } from 'echarts/core';
import { init } from './echarts.js';
import type { LaneOption } from './lanes.js';

/**
 * One ECharts instance: follows the size of its container and is disposed with it. `label` is the
 * chart in words, for those who can't see it. A new `resetKey` takes zooming back.
 */
export function Chart({
  option,
  label,
  className,
  resetKey = '',
}: {
  option: LaneOption;
  label: string;
  className?: string | undefined;
  resetKey?: string;
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
    const reset = (): void => {
      instance.dispatchAction({ type: 'dataZoom', start: 0, end: 100 });
    };
    container.addEventListener('dblclick', reset);
    return () => {
      container.removeEventListener('dblclick', reset);
      observer.disconnect();
      instance.dispose();
      chart.current = null;
    };
  }, []);

  useEffect(() => {
    // Axes and series that are no longer there must go; the zoom stays as the reader set it.
    chart.current?.setOption(option, { replaceMerge: ['series', 'grid', 'xAxis', 'yAxis'] });
  }, [option]);

  useEffect(() => {
    chart.current?.dispatchAction({ type: 'dataZoom', start: 0, end: 100 });
  }, [resetKey]);

  return <div ref={element} role="img" aria-label={label} className={className} />;
}

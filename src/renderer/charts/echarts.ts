/** ECharts with only the parts that the charts use. */
import { LineChart } from 'echarts/charts';
import {
  AxisPointerComponent,
  GridComponent,
  MarkLineComponent,
  TooltipComponent,
} from 'echarts/components';
import { init, use as register } from 'echarts/core';
import { LabelLayout } from 'echarts/features';
import { CanvasRenderer } from 'echarts/renderers';

register([
  LineChart,
  GridComponent,
  AxisPointerComponent,
  TooltipComponent,
  MarkLineComponent,
  LabelLayout,
  CanvasRenderer,
]);

export { init };

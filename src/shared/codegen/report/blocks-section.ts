/** The network: drawing and a table of its blocks. */
import { findBlock } from '../../catalog/index.js';
import { formatBytes, formatCount, formatQuantity } from '../../format.js';
import { analyze } from '../../graph/analyze.js';
import { formatShape } from '../../graph/values.js';
import { networkDrawing } from './network.js';
import type { ReportBlock, ReportInput } from './types.js';

export function networkBlocks({ document, facts }: ReportInput): ReportBlock[] {
  const analysis = analyze(document, facts);
  const { parameters, flops } = analysis.totals;
  const order = [...analysis.order.keys()].map((i) => analysis.order[i] ?? '');
  const names = document.graph.nodes.map(({ name }) => name).join(', ');
  return [
    {
      kind: 'text',
      text:
        `${formatCount(parameters)} trainable parameters (${formatBytes(4 * parameters)} as float32); a ` +
        `forward pass of one example takes about ${formatQuantity(flops)} floating-point operations. ` +
        'B is the batch; the numbers at the blocks are their parameters.',
    },
    {
      kind: 'figure',
      name: 'network',
      title: '',
      alt: `Blocks and wires: ${names}`,
      svg: networkDrawing(document, facts),
    },
    {
      kind: 'table',
      title: 'Blocks',
      columns: [
        { title: 'Block' },
        { title: 'Kind' },
        { title: 'Settings' },
        { title: 'Output' },
        { title: 'Parameters', numeric: true },
      ],
      rows: order.flatMap((id) => {
        const node = document.graph.nodes.find((one) => one.id === id);
        const found = analysis.nodes[id];
        if (node === undefined || found === undefined) return [];
        const output = found.outputs.out ?? null;
        return [
          [
            node.name,
            findBlock(node.block)?.title ?? node.block,
            found.facts.map(({ label, value }) => `${label} ${value}`).join(', '),
            output === null ? '' : formatShape(output),
            formatCount(found.parameterCount),
          ],
        ];
      }),
    },
  ];
}

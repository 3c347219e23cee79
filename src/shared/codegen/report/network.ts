/** The graph as a drawing: blocks where they stand on the canvas, their key numbers, ports and wires. */
import type { Category } from '../../catalog/define.js';
import { isHead } from '../../catalog/head-support.js';
import { findBlock } from '../../catalog/index.js';
import type { DataFacts } from '../../data/facts.js';
import { formatCount } from '../../format.js';
import { analyze, type Analysis } from '../../graph/analyze.js';
import type { GraphNode, ProjectDocument } from '../../graph/document.js';
import { formatShape, type ValueKind } from '../../graph/values.js';
import { colors, round, svg, text, textWidth, type Box } from './svg.js';

const categoryColors: Record<Category, string> = {
  input: '#626e76',
  embedding: '#7857ab',
  recurrent: '#2d6bbb',
  attention: '#965e00',
  dense: '#a74f21',
  regularise: '#756a5c',
  combine: '#00728e',
  head: '#af3d60',
};

type WireKind = ValueKind | 'scores';
const wireColors: Record<WireKind, string> = {
  tokens: '#626e76',
  sequence: '#2d6bbb',
  vector: '#2d6bbb',
  state: '#a55115',
  scores: '#af3d60',
};

const head = 32;
const row = 18;
/** Of the shape that stands above a wire. */
const labelSize = 10;

interface Port {
  node: string;
  name: string;
  side: 'in' | 'out';
  kind: WireKind;
  x: number;
  y: number;
}

interface DrawnBlock extends Box {
  node: GraphNode;
  color: string;
  count: string;
  facts: { label: string; value: string }[];
  ports: Port[];
  /** Ports beside the main ones, by row. */
  rows: { input: string; output: string }[];
}

/** @param facts sizes on wires come from them. */
export function networkDrawing(document: ProjectDocument, facts: DataFacts): string {
  const analysis = analyze(document, facts);
  const blocks = folded(document.graph.nodes.map((node) => drawnBlock(document, analysis, node)));
  const ports = blocks.flatMap((block) => block.ports);
  const kinds = new Set<WireKind>();
  const labels: Label[] = [];
  const wires = document.graph.edges.flatMap((edge) => {
    const at = (end: typeof edge.source, side: Port['side']) =>
      ports.find((port) => port.node === end.node && port.name === end.port && port.side === side);
    const [from, to] = [at(edge.source, 'out'), at(edge.target, 'in')];
    if (from === undefined || to === undefined) return [];
    const type = analysis.edges[edge.id] ?? null;
    const ribbon = type?.kind === 'sequence';
    kinds.add(to.kind);
    const path = wirePath(from, to);
    if (type !== null && type.kind !== 'state') {
      const content = formatShape(type);
      // Between blocks that stand close it would lie on them: it goes above their tops.
      const gap = to.x - from.x;
      const rise = gap > 0 && gap < labelWidth(content) + 12 ? head / 2 : 0;
      labels.push({ x: path.label.x, y: path.label.y - rise, content });
    }
    return [wire(path.d, to.kind, ribbon)];
  });
  const bounds = boundsOf(blocks, labels);
  const legendY = bounds.y + bounds.height + 14;
  const names = document.graph.nodes.map(({ name }) => name).join(', ');
  return svg(
    { ...bounds, width: Math.max(bounds.width, 420), height: bounds.height + 32 },
    `Network of ${document.graph.nodes.length} blocks: ${names}`,
    [
      ...wires,
      ...blocks.map(drawBlock),
      ...labels.map(drawLabel),
      legend(bounds.x + 8, legendY, kinds),
    ],
  );
}

function drawnBlock(document: ProjectDocument, analysis: Analysis, node: GraphNode): DrawnBlock {
  const block = findBlock(node.block);
  const found = analysis.nodes[node.id];
  const { inputs = [], outputs = [] } = found?.instance?.ports ?? {};
  const facts = found?.facts ?? [];
  const count = formatCount(found?.parameterCount ?? 0);
  const rows = Array.from({ length: Math.max(inputs.length, outputs.length, 1) - 1 }, (_, i) => ({
    input: inputs[i + 1]?.label ?? '',
    output: outputs[i + 1]?.label ?? '',
  }));
  const widths = [
    textWidth(node.name, 12, true) + textWidth(count) + 54,
    ...facts.map(({ label, value }) => textWidth(label) + textWidth(value, 11, true) + 36),
    ...rows.map(({ input, output }) => textWidth(input) + textWidth(output) + 40),
  ];
  const width = Math.ceil(Math.max(128, ...widths));
  const factsHeight = facts.length === 0 ? 0 : 12 + facts.length * row;
  const rowsHeight = rows.length === 0 ? 0 : 8 + rows.length * row;
  const { x, y } = node.position;
  const portY = (index: number): number =>
    index === 0 ? y + head / 2 : y + head + factsHeight + 4 + (index - 0.5) * row;
  const toHead = (port: string): boolean => {
    const edges = document.graph.edges.filter(
      ({ source }) => source.node === node.id && source.port === port,
    );
    const blockOf = (id: string) => document.graph.nodes.find((one) => one.id === id)?.block ?? '';
    return edges.length > 0 && edges.every(({ target }) => isHead(blockOf(target.node)));
  };
  return {
    node,
    x,
    y,
    width,
    height: head + factsHeight + rowsHeight,
    color: block === undefined ? colors.mute : categoryColors[block.category],
    count,
    facts,
    rows,
    ports: [
      ...inputs.map((port, i): Port => {
        const kind = found?.inputs[port.name]?.[0]?.kind ?? port.kinds[0] ?? 'vector';
        return {
          node: node.id,
          name: port.name,
          side: 'in',
          kind: isHead(node.block) ? 'scores' : kind,
          x,
          y: portY(i),
        };
      }),
      ...outputs.map((port, i): Port => {
        const kind = found?.outputs[port.name]?.kind ?? port.kinds[0] ?? 'vector';
        return {
          node: node.id,
          name: port.name,
          side: 'out',
          kind: toHead(port.name) ? 'scores' : kind,
          x: x + width,
          y: portY(i),
        };
      }),
    ],
  };
}

/** As much as stands side by side on a page. */
const pageWidth = 740;
/** Between two rows: room for wires that run back. */
const rowGap = 76;

/** A network wider than the page goes on in further rows, from left to right as it stands. */
function folded(blocks: readonly DrawnBlock[]): DrawnBlock[] {
  const rows: DrawnBlock[][] = [];
  let start = 0;
  for (const block of [...blocks].sort((a, b) => a.x - b.x)) {
    const last = rows.at(-1);
    if (last === undefined || block.x + block.width > start + pageWidth) {
      rows.push([block]);
      start = block.x;
    } else last.push(block);
  }
  let top = 0;
  return rows.flatMap((row) => {
    const left = Math.min(...row.map(({ x }) => x));
    const high = Math.min(...row.map(({ y }) => y));
    const low = Math.max(...row.map(({ y, height }) => y + height));
    const moved = row.map((block) => shifted(block, -left, top - high));
    top += low - high + rowGap;
    return moved;
  });
}

const shifted = (block: DrawnBlock, dx: number, dy: number): DrawnBlock => ({
  ...block,
  x: block.x + dx,
  y: block.y + dy,
  ports: block.ports.map((port) => ({ ...port, x: port.x + dx, y: port.y + dy })),
});

function drawBlock({ node, x, y, width, height, color, count, facts, rows, ports }: DrawnBlock) {
  const right = x + width;
  const lines = [
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6" fill="${colors.surface}" stroke="${colors.line}"/>`,
    `<rect x="${x + 11}" y="${y + 11}" width="10" height="10" rx="2.5" fill="${color}"/>`,
    text(x + 28, y + 20, node.name, { size: 12, strong: true }),
    text(right - 14, y + 20, count, { color: colors.label, anchor: 'end' }),
  ];
  const rule = (at: number): string =>
    `<line x1="${x}" x2="${right}" y1="${at}" y2="${at}" stroke="${colors.hairline}"/>`;
  let at = y + head;
  if (facts.length > 0) {
    lines.push(rule(at));
    facts.forEach(({ label, value }, i) => {
      const baseline = at + 18 + i * row;
      lines.push(text(x + 10, baseline, label, { color: colors.label }));
      lines.push(text(right - 10, baseline, value, { anchor: 'end', strong: true }));
    });
    at += 12 + facts.length * row;
  }
  if (rows.length > 0) {
    lines.push(rule(at));
    rows.forEach(({ input, output }, i) => {
      const baseline = at + 17 + i * row;
      lines.push(text(x + 12, baseline, input, { color: colors.label }));
      lines.push(text(right - 12, baseline, output, { color: colors.label, anchor: 'end' }));
    });
  }
  return [...lines, ...ports.map(portGlyph)].join('');
}

/** The port's shape says its kind without colour, as on the canvas. */
function portGlyph({ kind, x, y }: Pick<Port, 'kind' | 'x' | 'y'>): string {
  const look = `fill="${colors.surface}" stroke="${wireColors[kind]}" stroke-width="1.5"`;
  switch (kind) {
    case 'tokens':
      return `<rect x="${x - 4}" y="${y - 4}" width="8" height="8" rx="1" ${look}/>`;
    case 'sequence':
      return `<rect x="${x - 3}" y="${y - 6}" width="6" height="12" rx="3" ${look}/>`;
    case 'vector':
      return `<circle cx="${x}" cy="${y}" r="4" ${look}/>`;
    case 'state':
      return `<path d="M${x - 5} ${y} l5 -5 5 5 -5 5z" ${look}/>`;
    case 'scores':
      return `<circle cx="${x}" cy="${y}" r="4" ${look}/><circle cx="${x}" cy="${y}" r="1.5" fill="${wireColors[kind]}"/>`;
  }
}

interface Point {
  x: number;
  y: number;
}
interface Label extends Point {
  content: string;
}

const reach = 24;

/** Orthogonal with rounded corners; a wire that runs back turns between the rows of blocks. */
function wirePath(from: Point, to: Point): { d: string; label: Point } {
  if (to.x > from.x + 12) {
    const middle = (from.x + to.x) / 2;
    const points =
      Math.abs(from.y - to.y) < 0.5
        ? [from, to]
        : [from, { x: middle, y: from.y }, { x: middle, y: to.y }, to];
    return { d: rounded(points), label: { x: middle, y: Math.min(from.y, to.y) } };
  }
  const below = to.y > from.y + 96;
  const y = below ? to.y - head / 2 - rowGap / 2 : (from.y + to.y) / 2;
  const points = [
    from,
    { x: from.x + reach, y: from.y },
    { x: from.x + reach, y },
    { x: to.x - reach, y },
    { x: to.x - reach, y: to.y },
    to,
  ];
  return { d: rounded(points), label: { x: (from.x + to.x) / 2, y } };
}

function rounded(points: readonly Point[]): string {
  const towards = (a: Point, b: Point, distance: number): Point => {
    const length = Math.hypot(b.x - a.x, b.y - a.y);
    const share = length === 0 ? 0 : Math.min(0.5, distance / length);
    return { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share };
  };
  return points
    .map((point, i) => {
      const here = `${round(point.x)} ${round(point.y)}`;
      const [before, after] = [points[i - 1], points[i + 1]];
      if (before === undefined) return `M${here}`;
      if (after === undefined) return `L${here}`;
      const into = towards(point, before, 8);
      const out = towards(point, after, 8);
      return `L${round(into.x)} ${round(into.y)}Q${here} ${round(out.x)} ${round(out.y)}`;
    })
    .join('');
}

function wire(d: string, kind: WireKind, ribbon: boolean): string {
  const color = wireColors[kind];
  const dash = { tokens: '2 4', state: '6 4', sequence: '', vector: '', scores: '' }[kind];
  const line = (width: number, stroke: string): string =>
    `<path d="${d}" fill="none" stroke="${stroke}" stroke-width="${width}"${dash === '' ? '' : ` stroke-dasharray="${dash}"`}/>`;
  return ribbon ? line(6, color) + line(2.5, colors.surface) : line(1.75, color);
}

const labelWidth = (content: string): number => content.length * labelSize * 0.61;

function drawLabel({ x, y, content }: Label): string {
  const baseline = y - 6;
  const width = labelWidth(content);
  return (
    `<rect x="${round(x - width / 2)}" y="${round(baseline - 9)}" width="${round(width)}" height="12" fill="${colors.surface}" fill-opacity="0.85"/>` +
    text(x, baseline, content, {
      size: labelSize,
      color: colors.label,
      anchor: 'middle',
      font: 'mono',
    })
  );
}

function boundsOf(blocks: readonly DrawnBlock[], labels: readonly Label[]): Box {
  const margin = 30;
  const xs = blocks.flatMap(({ x, width }) => [x, x + width]);
  const ys = [...blocks.flatMap(({ y, height }) => [y, y + height]), ...labels.map(({ y }) => y)];
  const [left, top] = [Math.min(...xs) - margin, Math.min(...ys) - margin];
  return {
    x: left,
    y: top,
    width: Math.max(...xs) + margin - left,
    height: Math.max(...ys) + margin - top,
  };
}

function legend(x: number, y: number, kinds: ReadonlySet<WireKind>): string {
  let at = x;
  const parts: string[] = [];
  for (const kind of ['tokens', 'sequence', 'vector', 'state', 'scores'] as const) {
    if (!kinds.has(kind)) continue;
    parts.push(wire(`M${round(at)} ${y}h22`, kind, kind === 'sequence'));
    parts.push(text(at + 28, y + 4, kind, { color: colors.label }));
    at += 28 + textWidth(kind) + 20;
  }
  return parts.join('');
}

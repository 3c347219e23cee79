/** One lane a recurrent layer: ‖∂L/∂h‖ over the steps of a row, the last one that the layer reads on the right. */
import { missing } from '#shared/format';
import { nearest, type Point } from '#shared/run/curves';
import type { LayerGradients } from '#shared/run/gradients';
import type { Lane, LaneModel } from '../charts/lanes.js';

/** As shares of the last step's norm. Zero and what is not finite have no place on a logarithmic axis. */
function pointsOf({ norms: [last = null, ...earlier] }: LayerGradients): Point[] {
  if (last === null || last <= 0) return [];
  return [last, ...earlier]
    .flatMap((norm, back): Point[] =>
      norm === null || norm <= 0 ? [] : [[back === 0 ? 0 : -back, norm / last]],
    )
    .reverse();
}

/** Two digits, short enough for an axis: `100 %`, `6.3 %`, `4e-3 %`. */
function shareText(share: number): string {
  const value = 100 * share;
  return `${value < 0.1 ? value.toExponential(0) : String(Number(value.toPrecision(2)))} %`;
}

const backText = (x: number): string =>
  x === 0 ? 'last step' : `${String(Number((-x).toPrecision(3)))} back`;

/**
 * What tells layers of one block apart: its direction where it has both, its number where it has several.
 * @param nameOf a block's name by its id.
 */
export function layerTitles(
  layers: readonly LayerGradients[],
  nameOf: (node: string) => string,
): string[] {
  return layers.map((layer, index) => {
    const ofBlock = layers.filter(({ node }) => node === layer.node);
    const alike = ofBlock.filter(({ reverse }) => reverse === layer.reverse);
    const direction = layer.reverse ? 'backward' : 'forward';
    const number = layers
      .slice(0, index + 1)
      .filter(({ node, reverse }) => node === layer.node && reverse === layer.reverse).length;
    return [
      nameOf(layer.node),
      ...(alike.length > 1 ? [`layer ${number}`] : []),
      ...(alike.length < ofBlock.length ? [direction] : []),
    ].join(', ');
  });
}

export function gradientModel(
  layers: readonly LayerGradients[],
  titles: readonly string[],
): LaneModel {
  const lane: Omit<Lane, 'id' | 'series'> = {
    weight: 1,
    scale: 'log',
    fromZero: false,
    maximum: null,
    formatTick: shareText,
    threshold: null,
  };
  const curves = layers.map(pointsOf);
  return {
    lanes: layers.map((_, index) => ({
      ...lane,
      id: `layer ${index}`,
      series: [
        {
          id: `layer ${index}`,
          name: titles[index] ?? '',
          points: curves[index] ?? [],
          color: 'first',
          style: 'line',
        },
      ],
    })),
    xMinimum: -Math.max(1, ...layers.map(({ norms }) => norms.length - 1)),
    xMaximum: 0,
    formatX: backText,
    markX: null,
    right: 24,
    tooltip: (x) => {
      const line = (points: readonly Point[]): string => {
        const share = nearest(points, x)?.[1] ?? null;
        return `<div>‖∂L/∂h‖ <b>${share === null ? missing : shareText(share)}</b> of the last step’s</div>`;
      };
      return `<div>${backText(Math.round(x))}</div>${curves.map(line).join('')}`;
    },
  };
}

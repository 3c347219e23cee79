/** Pieces that the report's drawings share. Each drawing stands alone: it has its own fonts and colours. */
import { escapeHtml } from '../markup.js';

/** The studio's light theme. */
export const colors = {
  text: '#16191b',
  label: '#5f686d',
  line: '#cdd3d4',
  hairline: '#e1e5e5',
  grid: '#e6e9e9',
  axis: '#b9c0c2',
  surface: '#ffffff',
  first: '#00736b',
  firstGhost: '#a9cfcb',
  second: '#a8520f',
  mute: '#8b9498',
} as const;

const fonts = {
  ui: "'Inter Variable', Inter, 'Segoe UI', system-ui, 'Liberation Sans', sans-serif",
  mono: "'JetBrains Mono', 'SF Mono', Consolas, 'Liberation Mono', monospace",
} as const;

export const round = (value: number): number => Math.round(value * 10) / 10;

export interface TextOptions {
  size?: number;
  color?: string;
  anchor?: 'start' | 'middle' | 'end';
  strong?: boolean;
  font?: keyof typeof fonts;
  /** Degrees, about its own place. */
  rotate?: number;
}

/** @param y of the baseline. */
export function text(x: number, y: number, content: string, options: TextOptions = {}): string {
  const { size = 11, color = colors.text, anchor, strong, font, rotate } = options;
  const attributes = [
    `x="${round(x)}" y="${round(y)}" font-size="${size}" fill="${color}"`,
    anchor === undefined ? '' : ` text-anchor="${anchor}"`,
    strong === true ? ' font-weight="600"' : '',
    font === undefined ? '' : ` font-family="${fonts[font]}"`,
    rotate === undefined ? '' : ` transform="rotate(${rotate} ${round(x)} ${round(y)})"`,
  ];
  return `<text ${attributes.join('')}>${escapeHtml(content)}</text>`;
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** @param alt what it shows, for those who don't see it. */
export function svg({ x, y, width, height }: Box, alt: string, parts: readonly string[]): string {
  const box = [x, y, width, height].map(round).join(' ');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${Math.ceil(width)}" height="${Math.ceil(height)}" ` +
      `viewBox="${box}" role="img" aria-label="${escapeHtml(alt)}" font-family="${fonts.ui}">`,
    ...parts,
    '</svg>',
  ].join('\n');
}

/** About the width in pixels of a text in a sans-serif font, without a browser to ask. */
export function textWidth(content: string, size = 11, strong = false): number {
  let ems = 0;
  for (const character of content) {
    if (/[iljtfrI.,:;'’|!()[\] ]/.test(character)) ems += 0.31;
    else if (/[mwMW@—]/.test(character)) ems += 0.88;
    else if (/[\p{Lu}]/u.test(character)) ems += 0.68;
    else if (/[\u2e80-\uffff]|\p{Extended_Pictographic}/u.test(character)) ems += 1;
    else ems += 0.58;
  }
  return ems * size * (strong ? 1.06 : 1);
}

/** Our 16-pixel glyphs: one stroke, drawn for this size. */
import type { ReactNode } from 'react';

const glyphs = {
  tokens: (
    <>
      <path d="M2 4h5M2 8h8M2 12h5M11 5l3 3-3 3" />
    </>
  ),
  series: (
    <>
      <path d="M1.5 9c2 0 2-5 4-5s2.5 8 4.5 8 2-4 4.5-4" />
    </>
  ),
  embedding: (
    <>
      <path d="M2.5 2.5h11v11h-11zM2.5 6.2h11M2.5 9.8h11M6.2 2.5v11M9.8 2.5v11" />
    </>
  ),
  rnn: (
    <>
      <rect x="2.5" y="2.5" width="11" height="11" rx="2.5" />
      <circle fill="currentColor" stroke="none" cx="8" cy="8" r="1.3" />
    </>
  ),
  lstm: (
    <>
      <rect x="2.5" y="2.5" width="11" height="11" rx="2.5" />
      <circle fill="currentColor" stroke="none" cx="6" cy="6" r="1.1" />
      <circle fill="currentColor" stroke="none" cx="10" cy="6" r="1.1" />
      <circle fill="currentColor" stroke="none" cx="6" cy="10" r="1.1" />
      <circle fill="currentColor" stroke="none" cx="10" cy="10" r="1.1" />
    </>
  ),
  gru: (
    <>
      <rect x="2.5" y="2.5" width="11" height="11" rx="2.5" />
      <circle fill="currentColor" stroke="none" cx="8" cy="6" r="1.1" />
      <circle fill="currentColor" stroke="none" cx="6" cy="10" r="1.1" />
      <circle fill="currentColor" stroke="none" cx="10" cy="10" r="1.1" />
    </>
  ),
  bidirectional: (
    <>
      <path d="M2 5.5h11M10.5 3 13 5.5 10.5 8M14 10.5H3M5.5 8 3 10.5 5.5 13" />
    </>
  ),
  stacked: (
    <>
      <path d="M2 5.5 8 2.5l6 3-6 3zM2 8.5l6 3 6-3M2 11.2l6 3 6-3" />
    </>
  ),
  attention: (
    <>
      <path d="M8 13 2.5 4.5M8 13 8 4.5M8 13l5.5-8.5" />
      <circle fill="currentColor" stroke="none" cx="8" cy="13" r="1.6" />
      <circle cx="2.5" cy="3.5" r="1.3" />
      <circle fill="currentColor" stroke="none" cx="8" cy="3.5" r="1.6" />
      <circle cx="13.5" cy="3.5" r="1.3" />
    </>
  ),
  dotAttention: (
    <>
      <path d="M8 13 2.5 4.5M8 13l5.5-8.5" />
      <circle fill="currentColor" stroke="none" cx="8" cy="13" r="1.6" />
      <circle cx="2.5" cy="3.5" r="1.3" />
      <circle cx="13.5" cy="3.5" r="1.3" />
    </>
  ),
  dense: (
    <>
      <path
        d="M3.5 3.5 12.5 5.5M3.5 3.5l9 7M3.5 8l9-2.5M3.5 8l9 2.5M3.5 12.5l9-7M3.5 12.5l9-2"
        strokeWidth="1"
      />
      <circle fill="currentColor" stroke="none" cx="3" cy="3.5" r="1.4" />
      <circle fill="currentColor" stroke="none" cx="3" cy="8" r="1.4" />
      <circle fill="currentColor" stroke="none" cx="3" cy="12.5" r="1.4" />
      <circle fill="currentColor" stroke="none" cx="13" cy="5.5" r="1.4" />
      <circle fill="currentColor" stroke="none" cx="13" cy="10.5" r="1.4" />
    </>
  ),
  dropout: (
    <>
      <circle fill="currentColor" stroke="none" cx="4" cy="4" r="1.6" />
      <circle cx="12" cy="4" r="1.4" />
      <circle fill="currentColor" stroke="none" cx="12" cy="12" r="1.6" />
      <circle fill="currentColor" stroke="none" cx="4" cy="12" r="1.6" />
      <circle cx="8" cy="8" r="1.4" />
    </>
  ),
  norm: (
    <>
      <path d="M1.5 12.5c4 0 4-9 6.5-9s2.5 9 6.5 9M8 3.5v9" />
    </>
  ),
  classify: (
    <>
      <path d="M2.5 13.5h11M4 13.5V9.5M8 13.5V3M12 13.5v-6" />
    </>
  ),
  next: (
    <>
      <path d="M2 8h4M8 8h1M11 4.5 14.5 8 11 11.5" />
    </>
  ),
  block: (
    <>
      <rect x="2.5" y="2.5" width="11" height="11" rx="2" strokeDasharray="2.5 2" />
      <path d="M8 5.5v5M5.5 8h5" />
    </>
  ),
  design: (
    <>
      <rect x="1.5" y="3" width="5" height="4" rx="1" />
      <rect x="9.5" y="9" width="5" height="4" rx="1" />
      <path d="M6.5 5h2.200a1 1 0 0 1 1 1v1.5M12 9V7.5" />
    </>
  ),
  data: (
    <>
      <ellipse cx="8" cy="3.8" rx="5.5" ry="2" />
      <path d="M2.5 3.8v8.400c0 1.1 2.5 2 5.5 2s5.5-.9 5.5-2V3.8M2.5 8c0 1.1 2.5 2 5.5 2s5.5-.9 5.5-2" />
    </>
  ),
  train: (
    <>
      <path d="M1.5 2v11.5h13M4 10.5c1.5-6 3-6.5 4.5-3.5s3 2.5 5.5-.5" />
    </>
  ),
  runs: (
    <>
      <path d="M5.5 4h8.5M5.5 8h8.5M5.5 12h8.5" />
      <circle fill="currentColor" stroke="none" cx="2.5" cy="4" r="1" />
      <circle fill="currentColor" stroke="none" cx="2.5" cy="8" r="1" />
      <circle fill="currentColor" stroke="none" cx="2.5" cy="12" r="1" />
    </>
  ),
  playground: (
    <>
      <path d="M2 3h12v8H7.5L4.5 13.5V11H2zM5 6h6M5 8.5h3.5" />
    </>
  ),
  unroll: (
    <>
      <path d="M1.500 6.500h3v3h-3zM6.500 6.500h3v3h-3zM11.500 6.500h3v3h-3zM4.500 8h2M9.500 8h2M3 3v3.500M8 3v3.500M13 3v3.500" />
    </>
  ),
  undo: (
    <>
      <path d="M5.5 3 2.5 6l3 3M2.5 6H10a3.5 3.5 0 0 1 0 7H7" />
    </>
  ),
  redo: (
    <>
      <path d="m10.5 3 3 3-3 3M13.5 6H6a3.5 3.5 0 0 0 0 7h3" />
    </>
  ),
  search: (
    <>
      <circle cx="7" cy="7" r="4.200" />
      <path d="m10.200 10.200 3.300 3.300" />
    </>
  ),
  down: (
    <>
      <path d="m4 6.5 4 4 4-4" />
    </>
  ),
  right: (
    <>
      <path d="m6.5 4 4 4-4 4" />
    </>
  ),
  group: (
    <>
      <rect x="2.5" y="2.5" width="11" height="11" rx="2" strokeDasharray="2.5 2" />
      <path d="M8 5.5v5M5.5 8h5" />
    </>
  ),
  ungroup: (
    <>
      <rect x="2.5" y="2.5" width="11" height="11" rx="2" strokeDasharray="2.5 2" />
      <path d="M5.5 8h5" />
    </>
  ),
  comment: (
    <>
      <path d="M2.5 2.5h11v7.5l-3.500 3.500H2.5zM13.5 10H10v3.5M5 5.5h6M5 8h4" />
    </>
  ),
  up: (
    <>
      <path d="m4 10 4-4 4 4" />
    </>
  ),
  run: (
    <>
      <path fill="currentColor" stroke="none" d="M4.5 2.800v10.400L13 8z" />
    </>
  ),
  pause: (
    <>
      <path fill="currentColor" stroke="none" d="M4 3h3v10H4zM9 3h3v10H9z" />
    </>
  ),
  stop: (
    <>
      <path fill="currentColor" stroke="none" d="M3.5 3.5h9v9h-9z" />
    </>
  ),
  warn: (
    <>
      <path d="M8 2.200 14.5 13.5h-13zM8 6.5v3.5" />
      <circle fill="currentColor" stroke="none" cx="8" cy="11.700" r=".9" />
    </>
  ),
  info: (
    <>
      <circle cx="8" cy="8" r="5.800" />
      <path d="M8 7.5v3.5" />
      <circle fill="currentColor" stroke="none" cx="8" cy="5.200" r=".9" />
    </>
  ),
  tidy: (
    <>
      <path d="M2.5 2.5v11M5.5 4h8v3h-8zM5.5 9.5h5v3h-5z" />
    </>
  ),
  fit: (
    <>
      <path d="M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10" />
    </>
  ),
  minus: (
    <>
      <path d="M3.5 8h9" />
    </>
  ),
  plus: (
    <>
      <path d="M3.5 8h9M8 3.5v9" />
    </>
  ),
  more: (
    <>
      <circle fill="currentColor" stroke="none" cx="3.5" cy="8" r="1.200" />
      <circle fill="currentColor" stroke="none" cx="8" cy="8" r="1.200" />
      <circle fill="currentColor" stroke="none" cx="12.5" cy="8" r="1.200" />
    </>
  ),
  close: (
    <>
      <path d="m4 4 8 8M12 4l-8 8" />
    </>
  ),
  lastStep: (
    <>
      <path d="M2 8h9M8 5l3 3-3 3" />
      <path d="M13.5 3.5v9" />
    </>
  ),
  pool: (
    <>
      <path d="M2 3.5h12M4.5 7.5h7M7 11.5h2" />
    </>
  ),
  concat: (
    <>
      <rect x="2.5" y="2.5" width="11" height="4.5" rx="1" />
      <rect x="2.5" y="9" width="11" height="4.5" rx="1" />
    </>
  ),
  add: (
    <>
      <circle cx="8" cy="8" r="5.5" />
      <path d="M8 5.2v5.6M5.2 8h5.6" />
    </>
  ),
  timeDense: (
    <>
      <path d="M3 3v10M8 3v10M13 3v10" />
      <circle fill="currentColor" stroke="none" cx="3" cy="3" r="1.4" />
      <circle fill="currentColor" stroke="none" cx="8" cy="3" r="1.4" />
      <circle fill="currentColor" stroke="none" cx="13" cy="3" r="1.4" />
      <circle fill="currentColor" stroke="none" cx="3" cy="13" r="1.4" />
      <circle fill="currentColor" stroke="none" cx="8" cy="13" r="1.4" />
      <circle fill="currentColor" stroke="none" cx="13" cy="13" r="1.4" />
    </>
  ),
  forecast: (
    <>
      <path d="M1.5 10.5 5 6.5l2.5 2.5" />
      <path d="m7.5 9 3-4 4-1.5" strokeDasharray="2 1.8" />
    </>
  ),
  classifySteps: (
    <>
      <path d="M2 13.5h12M3.5 13.5v-3M6.5 13.5V6M9.5 13.5V8.500M12.500 13.500v-5" />
      <path d="M2 2.500h12" strokeDasharray="2 1.8" />
    </>
  ),
  sun: (
    <>
      <circle cx="8" cy="8" r="2.8" />
      <path d="M8 1.8v1.5M8 12.700v1.5M1.800 8h1.5M12.700 8h1.5M3.600 3.600l1.1 1.1M11.300 11.300l1.1 1.1M3.600 12.400l1.1-1.1M11.300 4.700l1.1-1.1" />
    </>
  ),
  moon: (
    <>
      <path d="M13 9.800A5.500 5.500 0 0 1 6.200 3a5.500 5.500 0 1 0 6.800 6.800z" />
    </>
  ),
  settings: (
    <>
      <path d="M2 4.500h5.500M11.500 4.500H14M2 11.500h2.500M8.500 11.500H14" />
      <circle cx="9.500" cy="4.500" r="2" />
      <circle cx="6.500" cy="11.500" r="2" />
    </>
  ),
  system: (
    <>
      <rect x="2" y="3" width="12" height="8" rx="1" />
      <path d="M5.500 13.500h5M8 11v2.500" />
    </>
  ),
  check: (
    <>
      <path d="m3 8.500 3.500 3.500L13 4.500" />
    </>
  ),
  tag: (
    <>
      <path d="M2.5 3.5v4l6 6 5-5-6-6h-4a1 1 0 0 0-1 1z" />
      <circle fill="currentColor" stroke="none" cx="5.3" cy="5.3" r="1" />
    </>
  ),
  branch: (
    <>
      <path d="M4.5 5.5v5M11.5 6.5c0 3-5.5 1.5-7 4" />
      <circle cx="4.5" cy="3.8" r="1.7" />
      <circle cx="4.5" cy="12.2" r="1.7" />
      <circle cx="11.5" cy="4.8" r="1.7" />
    </>
  ),
  columns: (
    <>
      <path d="M2.5 3.5h11v9h-11zM6.2 3.5v9M9.8 3.5v9" />
    </>
  ),
  trash: (
    <>
      <path d="M3 4.500h10M6.500 4.500V3h3v1.500M4.500 4.500l.5 8.500h6l.5-8.500" />
    </>
  ),
  folder: (
    <>
      <path d="M2 12.500v-9h4l1.500 2H14v7z" />
    </>
  ),
  copy: (
    <>
      <path d="M5.500 5.500h8v8h-8z" />
      <path d="M10.500 3.500v-1h-8v8h1" />
    </>
  ),
  code: (
    <>
      <path d="m5 4.500-3.500 3.500 3.500 3.500M11 4.500l3.500 3.500-3.500 3.500M9.200 3 6.800 13" />
    </>
  ),
  download: (
    <>
      <path d="M8 2.500v7.500M4.500 7 8 10.500 11.500 7M2.500 13.500h11" />
    </>
  ),
  export: (
    <>
      <path d="M8 10V2.500M4.500 5.500 8 2l3.500 3.500M2.500 9.500v4h11v-4" />
    </>
  ),
  file: (
    <>
      <path d="M4 2.500h5l3 3v8H4zM9 2.500v3h3" />
    </>
  ),
  alignLeft: (
    <>
      <path d="M2.5 2v12M5 4h8v3H5zM5 9.5h5v3H5z" />
    </>
  ),
  alignCentre: (
    <>
      <path d="M8 2v2M8 7v2.5M8 12.5V14M3.5 4h9v3h-9zM5.500 9.500h5v3h-5z" />
    </>
  ),
  alignRight: (
    <>
      <path d="M13.5 2v12M3 4h8v3H3zM6 9.5h5v3H6z" />
    </>
  ),
  alignTop: (
    <>
      <path d="M2 2.5h12M4 5v8h3V5zM9.500 5v5h3V5z" />
    </>
  ),
  alignMiddle: (
    <>
      <path d="M2 8h2M7 8h2.5M12.5 8H14M4 3.5v9h3v-9zM9.500 5.500v5h3v-5z" />
    </>
  ),
  alignBottom: (
    <>
      <path d="M2 13.5h12M4 3v8h3V3zM9.500 6v5h3V6z" />
    </>
  ),
  distributeX: (
    <>
      <path d="M2.5 2.500v11M13.500 2.500v11M6.500 4.500h3v7h-3z" />
    </>
  ),
  distributeY: (
    <>
      <path d="M2.500 2.500h11M2.500 13.500h11M4.500 6.500h7v3h-7z" />
    </>
  ),
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof glyphs;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.4}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      style={{ display: 'block', flex: 'none', overflow: 'visible' }}
    >
      {glyphs[name]}
    </svg>
  );
}

import type { LineLook } from './comparison.js';

const patterns: Record<LineLook['dash'], string | undefined> = {
  solid: undefined,
  dashed: '5 3',
  dotted: '2 2',
};

/** A piece of a run's curve, beside its name. */
export function LineMark({ look }: { look: LineLook }) {
  return (
    <svg width="14" height="8" aria-hidden="true">
      <path d="M0 4h14" stroke={look.token} strokeWidth="2" strokeDasharray={patterns[look.dash]} />
    </svg>
  );
}

import type { WireKind } from '../stores/graph.js';
import { wireColours } from './looks.js';

/** The port's shape says its kind without colour: square, pill, circle, diamond, ringed dot. */
export function PortGlyph({ kind }: { kind: WireKind }) {
  const colour = wireColours[kind];
  const common = { fill: 'var(--bg-raised)', stroke: colour, strokeWidth: 1.5 };
  return (
    <svg width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true">
      {kind === 'tokens' && <rect x="-4" y="-4" width="8" height="8" rx="1" {...common} />}
      {kind === 'sequence' && <rect x="-3" y="-6" width="6" height="12" rx="3" {...common} />}
      {kind === 'vector' && <circle r="4" {...common} />}
      {kind === 'state' && <path d="M-5 0 0-5 5 0 0 5z" {...common} />}
      {kind === 'scores' && (
        <>
          <circle r="4" {...common} />
          <circle r="1.5" fill={colour} />
        </>
      )}
    </svg>
  );
}

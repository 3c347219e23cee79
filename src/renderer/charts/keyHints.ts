/** The keys of a chart that has the focus, for the sheet of shortcuts. */
import type { KeyHint } from '../commands/registry.js';

const hint = (title: string, ...keys: string[]): KeyHint => ({ title, group: 'Charts', keys });

export const chartKeyHints: readonly KeyHint[] = [
  hint('Zoom in and out', '=', '-'),
  hint('Pan', 'ArrowLeft', 'ArrowRight'),
  hint('Pan by what is shown', 'PageUp', 'PageDown'),
  hint('Move the crosshair', 'Shift+ArrowLeft', 'Shift+ArrowRight'),
  hint('Crosshair to the best epoch', 'B'),
  hint('To the end', 'End'),
  hint('Show everything', '0', 'Home'),
  hint('Zoom to a stretch', 'drag'),
];

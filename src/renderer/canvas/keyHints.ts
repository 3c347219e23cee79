/** The canvas's keys and gestures, for the sheet of shortcuts. */
import { registerKeyHints, type KeyHint } from '../commands/registry.js';

const hint = (title: string, ...keys: string[]): KeyHint => ({ title, group: 'Canvas', keys });

export const registerCanvasKeyHints = (): (() => void) =>
  registerKeyHints([
    hint('Search blocks', '/'),
    hint('Move what is selected', '← ↑ → ↓'),
    hint('Move it four steps', 'Shift+← ↑ → ↓'),
    hint('Select everything', 'Mod+A'),
    hint('Select nothing', 'Escape'),
    hint('Copy', 'Mod+C'),
    hint('Cut', 'Mod+X'),
    hint('Paste', 'Mod+V'),
    hint('Duplicate', 'Mod+D'),
    hint('Delete', 'Delete'),
  ]);

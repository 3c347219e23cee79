/** The canvas's keys and gestures, for the sheet of shortcuts. */
import { registerKeyHints, type KeyHint } from '../commands/registry.js';

const hint = (title: string, ...keys: string[]): KeyHint => ({ title, group: 'Canvas', keys });

export const registerCanvasKeyHints = (): (() => void) =>
  registerKeyHints([
    hint('Move what is selected', '← ↑ → ↓'),
    hint('Move it four steps', 'Shift+← ↑ → ↓'),
    hint('Select nothing', 'Escape'),
    hint('Select an area', 'Shift+drag'),
    hint('Add a block here', 'double-click'),
    hint('Pan', 'Space+drag'),
    hint('Drag without snapping', 'Alt+drag'),
  ]);

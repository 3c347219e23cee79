/** The canvas's commands: they are there while the canvas is shown. */
import type { ReactFlowInstance } from 'reactflow';
import { StudioError } from '#shared/errors';
import { shortcutText } from '../commands/keys.js';
import type { Command } from '../commands/registry.js';
import { blockView } from '../stores/graph.js';
import { useProject } from '../stores/project.js';
import { copySelection, paste, pasteOrThrow, removeSelection, tidy } from './actions.js';
import { alignEdits, alignments, distributeEdits, type Alignment, type Axis } from './arrange.js';
import { boxOf, type Box } from './boxes.js';
import type { Point } from './editing.js';
import { useFlow, type CanvasNode, type WireFlowEdge } from './flow.js';
import { selectEverything } from './groups/actions.js';
import { fitOptions } from './keepInView.js';
import { beginOrNext } from './keyboardConnect.js';

/** The selected blocks as they stand on screen. */
function selectedBoxes(): Box[] {
  const { selection } = useProject.getState();
  const selected = new Set(selection.nodes);
  return useFlow
    .getState()
    .nodes.filter(({ id }) => selected.has(id))
    .map(boxOf);
}

const selectedAtLeast = (count: number) => (): true | string => {
  const { selection } = useProject.getState();
  if (selection.nodes.length >= count) return true;
  return count === 1 ? 'No block is selected.' : `Select ${count} blocks or more first.`;
};

const canCopy = (): true | string => {
  const { nodes, groups, comments } = useProject.getState().selection;
  return (
    nodes.length + groups.length + comments.length > 0 || 'Nothing is selected that can be copied.'
  );
};

const alignTitles: Record<Alignment, string> = {
  left: 'Align left edges',
  centre: 'Align centres',
  right: 'Align right edges',
  top: 'Align top edges',
  middle: 'Align middles',
  bottom: 'Align bottom edges',
};
const distributeTitles: Record<Axis, string> = {
  x: 'Distribute horizontally',
  y: 'Distribute vertically',
};
const alignKeys: Record<Alignment, string> = {
  left: 'Alt+A',
  centre: 'Alt+H',
  right: 'Alt+D',
  top: 'Alt+W',
  middle: 'Alt+V',
  bottom: 'Alt+S',
};
const distributeKeys: Record<Axis, string> = { x: 'Alt+Shift+H', y: 'Alt+Shift+V' };

const align = (alignment: Alignment): void =>
  useProject
    .getState()
    .dispatch(alignEdits(selectedBoxes(), alignment), { label: alignTitles[alignment] });

const distribute = (axis: Axis): void =>
  useProject
    .getState()
    .dispatch(distributeEdits(selectedBoxes(), axis), { label: distributeTitles[axis] });

const arranging: readonly Omit<Command, 'group'>[] = [
  ...alignments.map((alignment) => ({
    id: `canvas.align-${alignment}`,
    title: alignTitles[alignment],
    keywords: 'line up arrange',
    shortcuts: [alignKeys[alignment]],
    enabled: selectedAtLeast(2),
    run: () => align(alignment),
  })),
  ...(['x', 'y'] as const).map((axis) => ({
    id: `canvas.distribute-${axis}`,
    title: distributeTitles[axis],
    keywords: 'equal gaps spread arrange',
    shortcuts: [distributeKeys[axis]],
    enabled: selectedAtLeast(3),
    run: () => distribute(axis),
  })),
];

export interface CanvasHandles {
  readonly flow: ReactFlowInstance<CanvasNode, WireFlowEdge>;
  /** Opens the list of blocks at the pointer, or in the middle. */
  readonly quickAdd: () => void;
  /** Where the pointer is, in the flow's pixels; null while it is not over the canvas. */
  readonly pointer: () => Point | null;
}

async function writeClipboard(): Promise<void> {
  const text = copySelection();
  if (text !== null) await navigator.clipboard.writeText(text);
}

/** The person may have to allow it, and can say no. */
const readClipboard = (): Promise<string> =>
  navigator.clipboard.readText().catch(() => {
    throw new StudioError(
      'clipboard-refused',
      'The window is not allowed to read the clipboard.',
      `Press ${shortcutText('Mod+V')} over the canvas: that needs no permission.`,
    );
  });

export function canvasCommands({ flow, quickAdd, pointer }: CanvasHandles): Command[] {
  const animated = { duration: 140 };
  const commands: Omit<Command, 'group'>[] = [
    {
      id: 'canvas.quick-add',
      title: 'Add a block…',
      keywords: 'insert new layer search',
      shortcuts: ['/'],
      run: quickAdd,
    },
    {
      id: 'canvas.connect',
      title: 'Connect the selected block…',
      keywords: 'wire edge keyboard',
      shortcuts: ['C'],
      enabled: () => {
        const { selection } = useProject.getState();
        const [node, ...more] = selection.nodes;
        if (node === undefined || more.length > 0) return 'Select one block first.';
        const ports = blockView(useProject.getState(), node)?.ports;
        const count = (ports?.inputs.length ?? 0) + (ports?.outputs.length ?? 0);
        return count > 0 || 'The block has no ports.';
      },
      run: () => {
        const [node] = useProject.getState().selection.nodes;
        if (node !== undefined) beginOrNext(node);
      },
    },
    {
      id: 'canvas.select-all',
      title: 'Select everything',
      shortcuts: ['Mod+A'],
      run: selectEverything,
    },
    {
      id: 'canvas.cut',
      title: 'Cut',
      keywords: 'clipboard blocks',
      ownKeys: ['Mod+X'],
      enabled: canCopy,
      run: async () => {
        await writeClipboard();
        removeSelection();
      },
    },
    {
      id: 'canvas.copy',
      title: 'Copy',
      keywords: 'clipboard blocks',
      ownKeys: ['Mod+C'],
      enabled: canCopy,
      run: writeClipboard,
    },
    {
      id: 'canvas.paste',
      title: 'Paste',
      keywords: 'clipboard blocks insert',
      ownKeys: ['Mod+V'],
      run: async () => {
        const at = pointer();
        pasteOrThrow(await readClipboard(), at);
      },
    },
    {
      id: 'canvas.duplicate',
      title: 'Duplicate the selection',
      keywords: 'copy blocks',
      shortcuts: ['Mod+D'],
      enabled: canCopy,
      run: () => {
        const text = copySelection();
        if (text !== null) paste(text, null, 'Duplicate');
      },
    },
    {
      id: 'canvas.delete',
      title: 'Delete the selection',
      keywords: 'remove blocks wires',
      shortcuts: ['Delete', 'Backspace'],
      run: removeSelection,
    },
    ...arranging,
    {
      id: 'canvas.tidy',
      title: 'Tidy up',
      keywords: 'layout arrange order dagre automatic',
      shortcuts: ['T'],
      run: () => {
        void tidy().then(() => flow.fitView({ ...fitOptions, ...animated }));
      },
    },
    {
      id: 'canvas.zoom-fit',
      title: 'Show everything',
      keywords: 'zoom to fit',
      shortcuts: ['Shift+1'],
      run: () => void flow.fitView({ ...fitOptions, ...animated }),
    },
    {
      id: 'canvas.zoom-selection',
      title: 'Zoom to the selection',
      shortcuts: ['Shift+2'],
      enabled: selectedAtLeast(1),
      run: () => {
        const nodes = selectedBoxes().map(({ id }) => ({ id }));
        void flow.fitView({ ...fitOptions, ...animated, nodes });
      },
    },
    {
      id: 'canvas.zoom-100',
      title: 'Zoom to 100 %',
      shortcuts: ['Shift+0'],
      run: () => void flow.zoomTo(1, animated),
    },
    {
      id: 'canvas.zoom-in',
      title: 'Zoom in',
      shortcuts: ['='],
      run: () => void flow.zoomIn(animated),
    },
    {
      id: 'canvas.zoom-out',
      title: 'Zoom out',
      shortcuts: ['-'],
      run: () => void flow.zoomOut(animated),
    },
  ];
  return commands.map((command) => ({ ...command, group: 'Canvas' }));
}

import { useCallback, useEffect, useRef, useState, type DragEvent } from 'react';
import {
  Background,
  BackgroundVariant,
  MiniMap,
  ReactFlow,
  useConnection,
  useReactFlow,
  type Connection,
  type FinalConnectionState,
  type Viewport,
} from 'reactflow';
import { formatShape } from '#shared/graph/values';
import type { PortReference } from '#shared/graph/document';
import { useCode } from '../stores/code.js';
import { useDesign } from '../stores/design.js';
import { findBlock } from '#shared/catalog/index';
import { judge, outputType, portsOfAll, type Side } from '../stores/graph.js';
import { useProject } from '../stores/project.js';
import { reportError, useStudio } from '../stores/studio.js';
import { CodeToggle } from '../code/CodeToggle.js';
import { Button, EmptyState } from '../ui/index.js';
import { isTyping } from '../commands/keys.js';
import { BlockNode } from './BlockNode.js';
import { CanvasTools } from './CanvasTools.js';
import styles from './canvas.module.css';
import { portKey, useConnecting, type Refusal } from './connecting.js';
import { addBlock, blockMimeType, copyBlocks, deleteSelection, pasteBlocks } from './editing.js';
import { useFlow, type CanvasNode, type WireFlowEdge } from './flow.js';
import { moveSelection, selectEverything } from './groups/actions.js';
import { CommentNode } from './groups/CommentNode.js';
import { useGroupCommands } from './groups/commands.js';
import { dragOverFrames } from './groups/dragging.js';
import { GroupBlock } from './groups/GroupBlock.js';
import { GroupFrame } from './groups/GroupFrame.js';
import { flowIdsOf, portAt } from './groups/ids.js';
import { minimapColours } from './groups/looks.js';
import { moveLabel } from './groups/moving.js';
import { useRevealed } from './groups/reveal.js';
import { fitOptions, useKeepInView } from './keepInView.js';
import { categoryColours } from './looks.js';
import { roomsNow, storedY, useRoomyNodes } from './unroll/room.js';
import { ConnectionLine, Wire } from './Wire.js';

const nodeTypes = {
  block: BlockNode,
  collapsed: GroupBlock,
  frame: GroupFrame,
  comment: CommentNode,
};
const edgeTypes = { wire: Wire };
const snapGrid: [number, number] = [8, 8];

/** Where each project was looked at, so that coming back from another view shows the same place. */
const viewports = new Map<string, Viewport>();

const referencesOf = (
  connection: Connection | WireFlowEdge,
): { source: PortReference; target: PortReference } => ({
  source: portAt(connection.source, connection.sourceHandle ?? ''),
  target: portAt(connection.target, connection.targetHandle ?? ''),
});

/** Judges every port of the other side, once, when a connection starts. */
function startConnecting(from: PortReference & { side: Side }): void {
  const state = useProject.getState();
  const other: Side = from.side === 'source' ? 'target' : 'source';
  const verdicts = new Map<string, Refusal | null>();
  for (const port of portsOfAll(state, other)) {
    const [source, target] = from.side === 'source' ? [from, port] : [port, from];
    const verdict = judge(
      state,
      { node: source.node, port: source.port },
      { node: target.node, port: target.port },
    );
    verdicts.set(portKey(port.node, port.port, other), verdict.ok ? null : verdict);
  }
  useConnecting.setState({ from, verdicts, refused: null });
}

function connect(connection: Connection): void {
  const { source, target } = referencesOf(connection);
  const state = useProject.getState();
  const verdict = judge(state, source, target);
  if (verdict.ok) state.dispatch(verdict.edits, { label: 'Connect' });
}

/** At the pointer while a connection is dragged: what the port would get, or why it can't. */
function ConnectionHint() {
  const connection = useConnection((state) =>
    state.inProgress
      ? {
          x: state.pointer.x,
          y: state.pointer.y,
          node: state.toHandle?.nodeId ?? null,
          port: state.toHandle?.id ?? null,
        }
      : null,
  );
  const from = useConnecting((state) => state.from);
  const verdicts = useConnecting((state) => state.verdicts);
  if (connection === null || from === null || connection.node === null) return null;
  const to = portAt(connection.node, connection.port ?? '');
  const side: Side = from.side === 'source' ? 'target' : 'source';
  if (to.node === from.node && to.port === from.port) return null;
  const verdict = verdicts.get(portKey(to.node, to.port, side));
  const refusal =
    verdict === undefined
      ? `An ${side === 'target' ? 'output' : 'input'} connects to an ${side === 'target' ? 'input' : 'output'}.`
      : (verdict?.reason ?? null);
  const state = useProject.getState();
  const type = outputType(state, from.side === 'source' ? from : to);
  return (
    <div
      className={styles.hint}
      role="status"
      data-refused={refusal === null ? undefined : true}
      style={{ left: connection.x + 14, top: connection.y + 14 }}
    >
      {refusal ?? (
        <code>{type === null ? '?' : formatShape(type, state.document?.training.batchSize)}</code>
      )}
    </div>
  );
}

/** After a refused drop: the reason stays, with what would make the connection possible. */
function RefusedDrop() {
  const refused = useConnecting((state) => state.refused);
  const dispatch = useProject((state) => state.dispatch);
  if (refused === null) return null;
  const dismiss = (): void => useConnecting.setState({ refused: null });
  return (
    <div
      className={styles.refusal}
      role="alertdialog"
      aria-label="Connection refused"
      style={{ left: refused.x, top: refused.y }}
    >
      <p>{refused.reason}</p>
      <div className={styles.calloutFixes}>
        {refused.fixes.map((fix) => (
          <Button
            key={fix.label}
            size="small"
            onClick={() => {
              dispatch(fix.edits, { label: fix.label });
              dismiss();
            }}
          >
            {fix.label}
          </Button>
        ))}
        <Button size="small" variant="quiet" onClick={dismiss}>
          Dismiss
        </Button>
      </div>
    </div>
  );
}

const copySelection = (): string | null => {
  const { document, selection } = useProject.getState();
  return document === null ? null : copyBlocks(document, selection);
};

function removeSelection(): void {
  const { document, selection, dispatch } = useProject.getState();
  const removal = document === null ? null : deleteSelection(document, selection);
  if (removal !== null) dispatch(removal.edits, { label: removal.label });
}

function paste(text: string, label: string): boolean {
  const { document, dispatch, select } = useProject.getState();
  const pasted = document === null ? null : pasteBlocks(document, text, null);
  if (pasted === null) return false;
  dispatch(pasted.edits, { label });
  select(pasted);
  return true;
}

const arrows: Readonly<Record<string, { x: number; y: number }>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** Moves what is selected by one grid step, or by four. */
function nudge(direction: { x: number; y: number }, far: boolean): void {
  const { document, selection, dispatch } = useProject.getState();
  const step = far ? 32 : 8;
  const by = { x: direction.x * step, y: direction.y * step };
  const moves = document === null ? [] : moveSelection(document.graph, selection, by);
  const ids = flowIdsOf(selection);
  dispatch(moves, { label: moveLabel(ids), merge: `nudge ${ids.join(' ')}` });
}

/** Keys of the canvas: move, delete, duplicate, select all, copy, cut and paste as text. */
function useCanvasKeys(): void {
  useEffect(() => {
    const elsewhere = (event: Event): boolean =>
      isTyping(event.target) || document.querySelector('[role="dialog"]') !== null;
    const onKeyDown = (event: globalThis.KeyboardEvent): void => {
      // React Flow takes the arrow keys of a block that has the focus.
      if (elsewhere(event) || event.altKey || event.defaultPrevented) return;
      const key = event.key.toLowerCase();
      const control = event.ctrlKey || event.metaKey;
      const state = useProject.getState();
      const arrow = arrows[event.key];
      if (arrow !== undefined && flowIdsOf(state.selection).length > 0) {
        event.preventDefault();
        nudge(arrow, event.shiftKey);
      } else if (key === 'delete' || key === 'backspace') {
        event.preventDefault();
        removeSelection();
      } else if (key === 'escape') {
        useConnecting.setState({ refused: null });
        state.select({});
      } else if (control && key === 'd') {
        event.preventDefault();
        const text = copySelection();
        if (text !== null) paste(text, 'Duplicate');
      } else if (control && key === 'a') {
        event.preventDefault();
        selectEverything();
      }
    };
    const onCopy = (event: ClipboardEvent): void => {
      // Marked text on the page is what the person wants to copy.
      if (elsewhere(event) || getSelection()?.isCollapsed === false) return;
      const text = copySelection();
      if (text === null) return;
      event.preventDefault();
      event.clipboardData?.setData('text/plain', text);
      if (event.type === 'cut') removeSelection();
    };
    const onPaste = (event: ClipboardEvent): void => {
      if (elsewhere(event)) return;
      const text = event.clipboardData?.getData('text/plain') ?? '';
      if (paste(text, 'Paste')) event.preventDefault();
    };
    window.addEventListener('keydown', onKeyDown);
    window.addEventListener('copy', onCopy);
    window.addEventListener('cut', onCopy);
    window.addEventListener('paste', onPaste);
    return () => {
      window.removeEventListener('keydown', onKeyDown);
      window.removeEventListener('copy', onCopy);
      window.removeEventListener('cut', onCopy);
      window.removeEventListener('paste', onPaste);
    };
  }, []);
}

const minimapColour = (node: CanvasNode): string => {
  if (node.type !== 'block') return minimapColours[node.type];
  const block = useProject
    .getState()
    .document?.graph.nodes.find((one) => one.id === node.id)?.block;
  const known = block === undefined ? undefined : findBlock(block);
  return known === undefined ? 'var(--err)' : categoryColours[known.category];
};

/** Adds a block with its middle at a point of the flow and selects it. */
function add(blockId: string, at: { x: number; y: number }): void {
  const { document, dispatch, select } = useProject.getState();
  if (document === null) return;
  try {
    const y = storedY(at.y - 16, roomsNow(document.graph.nodes));
    const added = addBlock(document, blockId, { x: at.x - 72, y });
    dispatch(added.edits, { label: `Add ${added.title}` });
    select({ nodes: [added.id] });
  } catch (error) {
    reportError(error);
  }
}

export function Canvas() {
  const nodes = useFlow((state) => state.nodes);
  const edges = useFlow((state) => state.edges);
  const onNodesChange = useFlow((state) => state.onNodesChange);
  const onEdgesChange = useFlow((state) => state.onEdgesChange);
  const roomy = useRoomyNodes(nodes, onNodesChange);
  const path = useProject((state) => state.path);
  const readOnly = useProject((state) => state.readOnly);
  const centre = useDesign((state) => state.centre);
  const adding = useDesign((state) => state.adding);
  const shown = useRevealed(centre?.node ?? null);
  const flow = useReactFlow<CanvasNode, WireFlowEdge>();
  const container = useRef<HTMLDivElement>(null);
  // An empty canvas has nothing to fit: the first block must stay where it is dropped.
  const [firstViewport] = useState(
    () => viewports.get(path ?? '') ?? (nodes.length === 0 ? { x: 0, y: 0, zoom: 1 } : undefined),
  );
  useCanvasKeys();
  useKeepInView(container, flow);
  const middle = useCallback(() => {
    const {
      left = 0,
      top = 0,
      width = 0,
      height = 0,
    } = container.current?.getBoundingClientRect() ?? {};
    return flow.screenToFlowPosition({ x: left + width / 2, y: top + height / 2 });
  }, [flow]);
  useGroupCommands(middle);

  useEffect(() => {
    if (adding === null) return;
    useDesign.setState({ adding: null });
    add(adding, middle());
  }, [adding, middle]);

  useEffect(() => {
    if (centre === null || !shown) return;
    const node = flow.getInternalNode(centre.node);
    if (node === undefined) return;
    useDesign.setState({ centre: null });
    const { x, y } = node.internals.positionAbsolute;
    const { width = 0, height = 0 } = node.measured;
    const bounds = container.current?.getBoundingClientRect();
    if (centre.onlyIfHidden && bounds !== undefined) {
      const start = flow.flowToScreenPosition({ x, y });
      const end = flow.flowToScreenPosition({ x: x + width, y: y + height });
      const inside =
        start.x >= bounds.left &&
        start.y >= bounds.top &&
        end.x <= bounds.right &&
        end.y <= bounds.bottom;
      if (inside) return;
    }
    void flow.setCenter(x + width / 2, y + height / 2, {
      zoom: Math.max(0.7, flow.getZoom()),
      duration: 140,
    });
  }, [centre, shown, flow]);

  const onDrop = (event: DragEvent): void => {
    const block = event.dataTransfer.getData(blockMimeType);
    if (block === '') return;
    event.preventDefault();
    add(block, flow.screenToFlowPosition({ x: event.clientX, y: event.clientY }));
    container.current?.querySelector<HTMLElement>('.react-flow__pane')?.focus();
  };
  const onDragOver = (event: DragEvent): void => {
    if (!event.dataTransfer.types.includes(blockMimeType)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
  };
  const onConnectEnd = (event: MouseEvent | TouchEvent, state: FinalConnectionState): void => {
    const { from, verdicts } = useConnecting.getState();
    let refused = null;
    const bounds = container.current?.getBoundingClientRect();
    if (
      from !== null &&
      state.isValid === false &&
      state.toHandle !== null &&
      bounds !== undefined
    ) {
      const point = 'changedTouches' in event ? event.changedTouches[0] : event;
      const side: Side = from.side === 'source' ? 'target' : 'source';
      const { node, port } = portAt(state.toHandle.nodeId, state.toHandle.id ?? '');
      const verdict = verdicts.get(portKey(node, port, side));
      if (verdict !== undefined && verdict !== null && point !== undefined)
        refused = {
          ...verdict,
          x: Math.max(8, Math.min(point.clientX - bounds.left + 8, bounds.width - 292)),
          y: Math.max(8, Math.min(point.clientY - bounds.top + 8, bounds.height - 140)),
        };
    }
    useConnecting.setState({ from: null, verdicts: new Map(), refused });
  };

  return (
    <div
      ref={container}
      className={styles.canvas}
      role="region"
      aria-label="Network"
      onDrop={onDrop}
      onDragOver={onDragOver}
    >
      <ReactFlow<CanvasNode, WireFlowEdge>
        nodes={roomy.nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onNodesChange={roomy.onChange}
        onEdgesChange={onEdgesChange}
        onConnect={connect}
        onConnectStart={(_, { nodeId, handleId, handleType }) => {
          if (nodeId !== null && handleId !== null && handleType !== null)
            startConnecting({ ...portAt(nodeId, handleId), side: handleType });
        }}
        onConnectEnd={onConnectEnd}
        isValidConnection={(connection) => {
          const { source, target } = referencesOf(connection);
          return judge(useProject.getState(), source, target).ok;
        }}
        connectionLineComponent={ConnectionLine}
        connectionRadius={24}
        nodesDraggable={!readOnly}
        snapToGrid
        snapGrid={snapGrid}
        minZoom={0.2}
        maxZoom={2}
        {...(firstViewport === undefined
          ? { fitView: true, fitViewOptions: fitOptions }
          : { defaultViewport: firstViewport })}
        onMoveEnd={(_, viewport) => viewports.set(path ?? '', viewport)}
        onNodeDrag={(event, node, dragged) =>
          dragOverFrames(event, node, dragged, useFlow.getState().nodes)
        }
        onNodeMouseEnter={(_, { id }) => useCode.getState().setHovered(id)}
        onNodeMouseLeave={() => useCode.getState().setHovered(null)}
        onPaneClick={() => useConnecting.setState({ refused: null })}
        deleteKeyCode={null}
        multiSelectionKeyCode={['Shift', 'Control', 'Meta']}
        selectionKeyCode="Shift"
        panOnScroll
        elevateNodesOnSelect
        proOptions={{ hideAttribution: true }}
      >
        <Background variant={BackgroundVariant.Dots} gap={16} size={2} />
        <MiniMap
          className={styles.minimap ?? ''}
          style={{ width: 140, height: 96 }}
          nodeColor={minimapColour}
          nodeBorderRadius={2}
          maskStrokeWidth={2}
          pannable
          zoomable
          ariaLabel="Overview of the network"
        />
      </ReactFlow>
      {nodes.length === 0 && (
        <div className={styles.emptyCanvas}>
          <EmptyState
            action={
              <Button onClick={() => useStudio.getState().setPage('projects')}>
                Open an example
              </Button>
            }
          >
            Drag a block here, or start from an example.
          </EmptyState>
        </div>
      )}
      <CanvasTools />
      <div className={`${styles.corner} ${styles.topRight}`}>
        <CodeToggle />
      </div>
      <ConnectionHint />
      <RefusedDrop />
    </div>
  );
}

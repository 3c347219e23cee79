import {
  startTransition,
  useCallback,
  useEffect,
  useRef,
  useState,
  type DragEvent,
  type MouseEvent,
} from 'react';
import {
  Background,
  BackgroundVariant,
  MiniMap,
  ReactFlow,
  useKeyPress,
  useReactFlow,
  type EdgeMouseHandler,
  type FinalConnectionState,
  type NodeMouseHandler,
  type OnConnect,
  type OnConnectStart,
  type OnNodeDrag,
  type Viewport,
} from 'reactflow';
import { findBlock } from '#shared/catalog/index';
import { CodeToggle } from '../code/CodeToggle.js';
import { isTyping } from '../commands/keys.js';
import { registerCommands } from '../commands/registry.js';
import { useCode } from '../stores/code.js';
import { useDesign } from '../stores/design.js';
import { nodeOf } from '../stores/graph.js';
import { useProject } from '../stores/project.js';
import { useStudio } from '../stores/studio.js';
import { Button, EmptyState } from '../ui/index.js';
import { add } from './actions.js';
import { BlockNode } from './BlockNode.js';
import styles from './canvas.module.css';
import { useCanvasKeys } from './canvasKeys.js';
import { CanvasTools } from './CanvasTools.js';
import { canvasCommands } from './commands.js';
import {
  connect,
  isValidConnection,
  otherSide,
  portKey,
  startConnecting,
  stopConnecting,
  useConnecting,
  verdictsFor,
} from './connecting.js';
import { ConnectionHint, RefusedDrop } from './ConnectionHints.js';
import { ContextMenu, selectForMenu, type ContextMenuRequest } from './ContextMenu.js';
import { useDragging } from './dragging.js';
import { blockMimeType, type Point } from './editing.js';
import { useFlow, type CanvasNode, type WireFlowEdge } from './flow.js';
import { CommentNode } from './groups/CommentNode.js';
import { useGroupCommands } from './groups/commands.js';
import { dragOverFrames } from './groups/dragging.js';
import { GroupBlock } from './groups/GroupBlock.js';
import { GroupFrame } from './groups/GroupFrame.js';
import { itemOf, portAt } from './groups/ids.js';
import { minimapColours } from './groups/looks.js';
import { useRevealed } from './groups/reveal.js';
import { Guides } from './Guides.js';
import { fitOptions, useKeepInView } from './keepInView.js';
import { KeyboardConnect } from './KeyboardConnect.js';
import { categoryColours } from './looks.js';
import { QuickAdd, type QuickAddRequest } from './QuickAdd.js';
import { useRoomyNodes } from './unroll/room.js';
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

const minimapColour = (node: CanvasNode): string => {
  if (node.type !== 'block') return minimapColours[node.type];
  const known = findBlock(nodeOf(useProject.getState(), node.id)?.block ?? '');
  return known === undefined ? 'var(--err)' : categoryColours[known.category];
};

const isPane = (target: EventTarget | null): boolean =>
  target instanceof Element && target.classList.contains('react-flow__pane');

const focusPane = (container: HTMLElement | null): void =>
  container?.querySelector<HTMLElement>('.react-flow__pane')?.focus();

// Made once: React Flow renders every block and wire anew where it is given another handler.
const multiSelectionKeys = ['Shift', 'Control', 'Meta'];
const onConnect: OnConnect = ({ source, sourceHandle, target, targetHandle }) =>
  connect(portAt(source, sourceHandle ?? ''), portAt(target, targetHandle ?? ''));
const onConnectStart: OnConnectStart = (_, { nodeId, handleId, handleType }) => {
  if (nodeId !== null && handleId !== null && handleType !== null)
    startConnecting({ ...portAt(nodeId, handleId), side: handleType });
};
const onNodeDrag: OnNodeDrag<CanvasNode> = (event, node, dragged) => {
  useDragging.setState({ free: event.altKey });
  dragOverFrames(event, node, dragged, useFlow.getState().nodes);
};
const onNodeClick: NodeMouseHandler<CanvasNode> = ({ shiftKey, ctrlKey, metaKey }, node) => {
  // React Flow keeps a whole selection when one of it is clicked.
  if (shiftKey || ctrlKey || metaKey) return;
  const { kind, id } = itemOf(node.id);
  useProject.getState().select({ [kind]: [id] });
};
const onNodeMouseEnter: NodeMouseHandler<CanvasNode> = (_, { id }) =>
  useCode.getState().setHovered(id);
const onNodeMouseLeave = (): void => useCode.getState().setHovered(null);
const onPaneClick = (): void => useConnecting.setState({ refused: null });

export function Canvas() {
  const nodes = useFlow((state) => state.nodes);
  const edges = useFlow((state) => state.edges);
  const onNodesChange = useFlow((state) => state.onNodesChange);
  const onEdgesChange = useFlow((state) => state.onEdgesChange);
  const roomy = useRoomyNodes(nodes, onNodesChange);
  const path = useProject((state) => state.path);
  const readOnly = useProject((state) => state.readOnly);
  // With Space a drag pans, also one that starts on a block.
  const panning = useKeyPress('Space');
  const centre = useDesign((state) => state.centre);
  const adding = useDesign((state) => state.adding);
  const shown = useRevealed(centre?.node ?? null);
  const flow = useReactFlow<CanvasNode, WireFlowEdge>();
  const container = useRef<HTMLDivElement>(null);
  // An empty canvas has nothing to fit: the first block must stay where it is dropped.
  const [firstViewport] = useState(
    () => viewports.get(path ?? '') ?? (nodes.length === 0 ? { x: 0, y: 0, zoom: 1 } : undefined),
  );
  const [quickAdd, setQuickAdd] = useState<QuickAddRequest | null>(null);
  const closeQuickAdd = useCallback(() => {
    setQuickAdd(null);
    focusPane(container.current);
  }, []);
  /** On the screen; null while it is not over the canvas. */
  const pointer = useRef<Point | null>(null);
  const [menu, setMenu] = useState<ContextMenuRequest | null>(null);
  /** Where the menu was asked for, on the screen: what it adds goes there. */
  const menuAt = useRef<Point | null>(null);
  const closeMenu = useCallback(() => {
    menuAt.current = null;
    setMenu(null);
  }, []);
  const openMenu = useCallback(
    (event: MouseEvent | globalThis.MouseEvent, of: ContextMenuRequest['of']) => {
      const bounds = container.current?.getBoundingClientRect();
      // A field that is typed in has the browser's own menu.
      if (bounds === undefined || isTyping(event.target)) return;
      event.preventDefault();
      menuAt.current = { x: event.clientX, y: event.clientY };
      setMenu({ of, left: event.clientX - bounds.left, top: event.clientY - bounds.top });
    },
    [],
  );
  const onNodeMenu = useCallback<NodeMouseHandler<CanvasNode>>(
    (event, { id }) => openMenu(event, selectForMenu(id)),
    [openMenu],
  );
  const onSelectionMenu = useCallback((event: MouseEvent) => openMenu(event, 'nodes'), [openMenu]);
  const onEdgeMenu = useCallback<EdgeMouseHandler<WireFlowEdge>>(
    (event, { id }) => {
      useProject.getState().select({ edges: [id] });
      openMenu(event, 'edges');
    },
    [openMenu],
  );
  const onPaneMenu = useCallback(
    (event: MouseEvent | globalThis.MouseEvent) => openMenu(event, 'pane'),
    [openMenu],
  );
  const pasteAt = useCallback(() => {
    const at = menuAt.current ?? pointer.current;
    return at === null ? null : flow.screenToFlowPosition(at);
  }, [flow]);
  useCanvasKeys(pasteAt);
  useKeepInView(container, flow);
  const middle = useCallback(() => {
    const {
      left = 0,
      top = 0,
      width = 0,
      height = 0,
    } = container.current?.getBoundingClientRect() ?? {};
    return flow.screenToFlowPosition(
      menuAt.current ?? { x: left + width / 2, y: top + height / 2 },
    );
  }, [flow]);
  useGroupCommands(middle);

  useEffect(() => {
    if (adding === null) return;
    useDesign.setState({ adding: null });
    add(adding, middle());
  }, [adding, middle]);

  const openQuickAdd = useCallback(
    (at: Point | null, from: QuickAddRequest['from'] = null) => {
      const bounds = container.current?.getBoundingClientRect();
      if (bounds === undefined) return;
      const { x, y } = at ?? {
        x: bounds.left + bounds.width / 2,
        y: bounds.top + bounds.height / 3,
      };
      setQuickAdd({
        left: Math.max(8, Math.min(x - bounds.left, bounds.width - 296)),
        top: Math.max(8, Math.min(y - bounds.top, bounds.height - 336)),
        at: flow.screenToFlowPosition({ x, y }),
        from,
      });
    },
    [flow],
  );
  useEffect(
    () =>
      registerCommands(
        canvasCommands({
          flow,
          quickAdd: () => openQuickAdd(menuAt.current ?? pointer.current),
          pointer: pasteAt,
        }),
      ),
    [flow, openQuickAdd, pasteAt],
  );

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
    focusPane(container.current);
  };
  const onDragOver = (event: DragEvent): void => {
    if (!event.dataTransfer.types.includes(blockMimeType)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
  };
  const onConnectEnd = useCallback(
    (event: globalThis.MouseEvent | TouchEvent, state: FinalConnectionState) => {
      const { from } = useConnecting.getState();
      const bounds = container.current?.getBoundingClientRect();
      const point = 'changedTouches' in event ? event.changedTouches[0] : event;
      stopConnecting();
      if (from === null || bounds === undefined || point === undefined) return;
      if (state.toHandle !== null) {
        const { node, port } = portAt(state.toHandle.nodeId, state.toHandle.id ?? '');
        const verdict = verdictsFor(from).get(portKey(node, port, otherSide(from.side)));
        if (verdict === undefined || verdict === null) return;
        stopConnecting({
          ...verdict,
          x: Math.max(8, Math.min(point.clientX - bounds.left + 8, bounds.width - 292)),
          y: Math.max(8, Math.min(point.clientY - bounds.top + 8, bounds.height - 140)),
        });
      } else if (isPane(event.target))
        // What fits is worked out after the wire is gone.
        startTransition(() => openQuickAdd({ x: point.clientX, y: point.clientY }, from));
    },
    [openQuickAdd],
  );

  const keepViewport = useCallback(
    (_: unknown, viewport: Viewport) => viewports.set(path ?? '', viewport),
    [path],
  );
  return (
    <div
      ref={container}
      className={styles.canvas}
      role="region"
      aria-label="Network"
      onDrop={onDrop}
      onDragOver={onDragOver}
      onPointerMove={({ clientX, clientY }) => {
        pointer.current = { x: clientX, y: clientY };
      }}
      onPointerLeave={() => {
        pointer.current = null;
      }}
      onDoubleClick={(event: MouseEvent) => {
        if (isPane(event.target)) openQuickAdd({ x: event.clientX, y: event.clientY });
      }}
    >
      <ReactFlow<CanvasNode, WireFlowEdge>
        nodes={roomy.nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onNodesChange={roomy.onChange}
        onEdgesChange={onEdgesChange}
        onConnect={onConnect}
        onConnectStart={onConnectStart}
        onConnectEnd={onConnectEnd}
        isValidConnection={isValidConnection}
        onNodeDrag={onNodeDrag}
        connectionLineComponent={ConnectionLine}
        connectionRadius={24}
        // At the press, before the first move: each is a task of its own, short enough for a frame.
        connectionDragThreshold={0}
        nodesDraggable={!readOnly && !panning}
        snapToGrid
        snapGrid={snapGrid}
        minZoom={0.2}
        maxZoom={2}
        {...(firstViewport === undefined
          ? { fitView: true, fitViewOptions: fitOptions }
          : { defaultViewport: firstViewport })}
        onMoveEnd={keepViewport}
        onNodeClick={onNodeClick}
        onNodeMouseEnter={onNodeMouseEnter}
        onNodeMouseLeave={onNodeMouseLeave}
        onNodeContextMenu={onNodeMenu}
        onSelectionContextMenu={onSelectionMenu}
        onEdgeContextMenu={onEdgeMenu}
        onPaneContextMenu={onPaneMenu}
        onPaneClick={onPaneClick}
        deleteKeyCode={null}
        multiSelectionKeyCode={multiSelectionKeys}
        selectionKeyCode="Shift"
        panOnScroll
        zoomOnDoubleClick={false}
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
        <Guides />
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
      <KeyboardConnect />
      {menu !== null && <ContextMenu request={menu} onClose={closeMenu} />}
      {quickAdd !== null && <QuickAdd request={quickAdd} onClose={closeQuickAdd} />}
    </div>
  );
}

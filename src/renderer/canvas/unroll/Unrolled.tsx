/** A recurrent block drawn over its time steps, below the block, with a stepper that follows the state. */
import {
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type RefObject,
} from 'react';
import { useReactFlow } from 'reactflow';
import type { GraphNode } from '#shared/graph/document';
import { findBlock } from '#shared/catalog/index';
import { formatCount } from '#shared/format';
import type { BlockView } from '../../stores/graph.js';
import { Icon, IconButton } from '../../ui/index.js';
import { Diagram } from './Diagram.js';
import { columnAt, stepAfter, stepBefore, unrolledLayout, type Recurrence } from './layout.js';
import { useRoom } from './room.js';
import { toggleUnrolled, useUnrolled } from './unrolled.js';
import styles from './unroll.module.css';

/** Milliseconds that a played step stays. */
const pace = 1100;
/** Pixels of the screen that stay free around it, and above it for its block. */
const edge = 16;
const aboveIt = 48;
/** The canvas' own tools lie there. */
const belowIt = 96;

function recurrenceOf(node: GraphNode, view: BlockView): Recurrence | null {
  const params = { ...findBlock(node.block)?.defaults(), ...node.params };
  if (view.recurrence === null) return null;
  const [source] = view.inputs.in ?? [];
  const units = params['units'];
  return {
    cell: view.recurrence.cell,
    layers: Array.isArray(units) ? units.length : 1,
    directions:
      params['merge'] !== undefined
        ? ['forward', 'backward']
        : [params['direction'] === 'backward' ? 'backward' : 'forward'],
    output: params['output'] === 'all steps' ? 'all steps' : 'last step',
    timeSteps: source?.kind === 'sequence' ? source.timeSteps : null,
  };
}

/** What happens at the step that the stepper stands at. */
function explain({ cell, directions, layers }: Recurrence, steps: string[], moves: number): string {
  const state = cell === 'lstm' ? ['h', 'c'] : ['h'];
  const at = (backward: boolean): string => {
    const step = steps[columnAt(moves, steps.length, backward)] ?? 'T';
    const neighbour = moves === 0 ? null : backward ? stepAfter(step) : stepBefore(step);
    const from =
      neighbour === null
        ? `the initial state`
        : state.map((name) => `${name} of step ${neighbour}`).join(' and ');
    return `x of step ${step} and ${from} give ${state.map((name) => `${name}`).join(' and ')} of step ${step}`;
  };
  const text = directions.map((direction) => at(direction === 'backward')).join('; backward, ');
  const higher = layers > 1 ? ' Each layer reads h of the layer below it.' : '';
  return `${directions.length === 2 ? 'Forward, ' : ''}${text}. The weights are the same at every step.${higher}`;
}

function useMoves(count: number): {
  moves: number | null;
  playing: boolean;
  go(by: number): void;
  play(): void;
} {
  const [moves, setMoves] = useState<number | null>(null);
  const [playing, setPlaying] = useState(false);
  const go = (by: number): void => {
    setPlaying(false);
    // Past either end stands the view of all steps.
    setMoves((now) => {
      const next = now === null ? (by > 0 ? 0 : count - 1) : now + by;
      return next < 0 || next >= count ? null : next;
    });
  };
  useEffect(() => {
    if (!playing) return;
    const timer = setInterval(() => setMoves((now) => ((now ?? -1) + 1) % count), pace);
    return () => clearInterval(timer);
  }, [playing, count]);
  return {
    moves: moves === null ? null : Math.min(moves, count - 1),
    playing,
    go,
    play() {
      setPlaying(!playing);
      if (!playing && moves === null) setMoves(0);
    },
  };
}

/** Pans so that what was unrolled just now is on screen, as far as it fits. */
function useBringIntoView(id: string, panel: RefObject<HTMLElement | null>): void {
  const flow = useReactFlow();
  useEffect(() => {
    const canvas = panel.current?.closest('.react-flow')?.getBoundingClientRect();
    const own = panel.current?.getBoundingClientRect();
    if (useUnrolled.getState().opened !== id || canvas === undefined || own === undefined) return;
    useUnrolled.setState({ opened: null });
    const needed = (low: number, high: number, from: number, to: number): number =>
      low < from ? from - low : high > to ? Math.max(to - high, from - low) : 0;
    const dx = needed(own.left, own.right, canvas.left + edge, canvas.right - edge);
    const dy = needed(own.top - aboveIt, own.bottom, canvas.top + edge, canvas.bottom - belowIt);
    if (dx === 0 && dy === 0) return;
    const { x, y, zoom } = flow.getViewport();
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    void flow.setViewport({ x: x + dx, y: y + dy, zoom }, { duration: still ? 0 : 220 });
  }, [id, flow, panel]);
}

/** @param view of the same block. */
export function Unrolled({ node, view }: { node: GraphNode; view: BlockView }) {
  const recurrence = useMemo(() => recurrenceOf(node, view), [node, view]);
  const layout = useMemo(
    () => (recurrence === null ? null : unrolledLayout(recurrence)),
    [recurrence],
  );
  const panel = useRef<HTMLElement>(null);
  const { id } = node;
  useLayoutEffect(() => {
    const { offsetWidth: width = 0, offsetHeight: height = 0 } = panel.current ?? {};
    useRoom.getState().set(id, { width, height });
    return () => useRoom.getState().set(id, null);
  }, [id, layout]);
  const drop = useRoom((state) => state.drops[id] ?? 0);
  useBringIntoView(id, panel);
  const caption = useId();
  const { moves, playing, go, play } = useMoves(layout?.columns.length ?? 1);
  if (recurrence === null || layout === null) return null;
  const steps = layout.columns.map(({ step }) => step);
  const total = recurrence.timeSteps;
  const both = recurrence.directions.length === 2;
  const gates = { rnn: '', lstm: '4 gates', gru: '3 gates' }[recurrence.cell];
  return (
    <section
      ref={panel}
      className={`${styles.panel} nodrag nopan`}
      aria-label={`${node.name}, unrolled`}
      style={{ width: layout.width + 2, marginTop: drop }}
      onKeyDown={(event) => {
        const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (by === undefined) return;
        event.preventDefault();
        event.stopPropagation();
        go(by);
      }}
    >
      <header>
        <h4>
          {node.name}, {total === null ? 'T' : formatCount(total)} steps
        </h4>
        <span className={styles.stepper}>
          <IconButton
            label="Step back"
            shortcut="←"
            icon={
              <span className={styles.left}>
                <Icon name="up" size={14} />
              </span>
            }
            onClick={() => go(-1)}
          />
          <output className={styles.step}>
            {moves === null
              ? 'all steps'
              : `step ${steps[columnAt(moves, steps.length, !both && recurrence.directions[0] === 'backward')]}`}
          </output>
          <IconButton
            label="Step on"
            shortcut="→"
            icon={
              <span className={styles.right}>
                <Icon name="up" size={14} />
              </span>
            }
            onClick={() => go(1)}
          />
          <IconButton
            label={playing ? 'Pause' : 'Play: follow the state'}
            icon={<Icon name={playing ? 'pause' : 'run'} size={14} />}
            onClick={play}
          />
        </span>
        <IconButton
          label="Fold"
          shortcut="U"
          icon={<Icon name="up" size={14} />}
          onClick={() => toggleUnrolled([node.id])}
        />
      </header>
      <Diagram layout={layout} moves={moves} describedBy={caption} name={node.name} />
      <p id={caption} className={styles.caption} aria-live="polite">
        {moves === null
          ? `One set of weights ${both ? 'for each direction ' : recurrence.layers > 1 ? 'for each layer ' : ''}serves every step${gates === '' ? '' : `: ${gates}`}. ${
              view.parameters === null
                ? ''
                : `${formatCount(view.parameters)} parameters, whatever T is. `
            }${recurrence.output === 'all steps' ? 'Every step gives an output.' : both ? 'Only the step that each direction reads last gives an output.' : 'Only the last step gives an output.'}`
          : explain(recurrence, steps, moves)}
      </p>
    </section>
  );
}

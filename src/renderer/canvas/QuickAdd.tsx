/** A short list at the pointer: choose a block by a few letters, and it is there, wired where a wire led here. */
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { categories } from '#shared/catalog/define';
import { categoryTitles } from '#shared/catalog/index';
import { fuzzyScore } from '../commands/fuzzy.js';
import { useProject } from '../stores/project.js';
import { Icon } from '../ui/index.js';
import { addOptionEdits, allOptions, optionsFor, type AddOption } from './addOptions.js';
import styles from './quickAdd.module.css';
import type { OpenEnd } from './connecting.js';
import type { Point } from './editing.js';
import { categoryColours, glyphOf } from './looks.js';

export interface QuickAddRequest {
  /** Where the list stands, in the canvas's pixels. */
  readonly left: number;
  readonly top: number;
  /** Where the block goes, in the flow's pixels. */
  readonly at: Point;
  /** The wire that was dropped here. */
  readonly from: OpenEnd | null;
}

function search(options: readonly AddOption[], query: string): AddOption[] {
  if (query.trim() === '')
    return categories.flatMap((category) =>
      options.filter(({ block }) => block.category === category),
    );
  const score = ({ block }: AddOption): number =>
    fuzzyScore(
      query,
      block.title,
      `${block.id} ${categoryTitles[block.category]} ${block.docs.summary}`,
    );
  return options
    .map((option) => ({ option, points: score(option) }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points)
    .map(({ option }) => option);
}

export function QuickAdd({ request, onClose }: { request: QuickAddRequest; onClose: () => void }) {
  const { from, at, left, top } = request;
  const [options] = useState(() =>
    from === null ? allOptions : optionsFor(useProject.getState(), from),
  );
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const listId = useId();
  const dialog = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const shown = useMemo(() => search(options, query), [options, query]);
  const current = Math.min(active, shown.length - 1);
  const optionId = (index: number): string => `${listId}-${index}`;

  useEffect(() => {
    input.current?.focus();
    const onPointerDown = (event: PointerEvent): void => {
      if (event.target instanceof Node && dialog.current?.contains(event.target) !== true)
        onClose();
    };
    // React Flow keeps the events of its pane to itself.
    window.addEventListener('pointerdown', onPointerDown, { capture: true });
    return () => window.removeEventListener('pointerdown', onPointerDown, { capture: true });
  }, [onClose]);

  const choose = (option: AddOption): void => {
    const state = useProject.getState();
    const added = addOptionEdits(state, option, from, at);
    onClose();
    if (added === null) return;
    state.dispatch(added.edits, { label: added.label });
    state.select({ nodes: [added.id] });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const option = shown[current];
    if (step !== undefined && shown.length > 0) {
      event.preventDefault();
      const next = (current + step + shown.length) % shown.length;
      setActive(next);
      document.getElementById(optionId(next))?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter' && option !== undefined) {
      event.preventDefault();
      choose(option);
    } else if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault();
      // Escape would also take the selection away.
      event.stopPropagation();
      onClose();
    }
  };
  return (
    <div
      ref={dialog}
      className={`${styles.quickAdd} nowheel`}
      role="dialog"
      aria-label="Add a block"
      style={{ left, top }}
    >
      <div className={styles.search}>
        <Icon name="search" />
        <input
          ref={input}
          role="combobox"
          aria-label="Search blocks to add"
          aria-expanded="true"
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={current < 0 ? undefined : optionId(current)}
          placeholder={from === null ? 'Add a block' : 'Add a block to this wire'}
          spellCheck={false}
          value={query}
          onChange={(event) => {
            setQuery(event.currentTarget.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div id={listId} role="listbox" aria-label="Blocks" className={styles.options}>
        {shown.map((option, index) => (
          <div
            key={option.block.id}
            id={optionId(index)}
            role="option"
            aria-selected={index === current}
            className={styles.option}
            onMouseMove={() => setActive(index)}
            onClick={() => choose(option)}
          >
            <span style={{ color: categoryColours[option.block.category] }}>
              <Icon name={glyphOf(option.block.id)} />
            </span>
            <span className={styles.title}>{option.block.title}</span>
            <span className={styles.detail}>
              {option.port?.label ?? categoryTitles[option.block.category]}
            </span>
          </div>
        ))}
      </div>
      <p className={styles.summary} role="status">
        {shown[current]?.block.docs.summary ??
          (options.length === 0
            ? 'No block has a port that takes this wire.'
            : `No block that fits matches “${query}”.`)}
      </p>
    </div>
  );
}

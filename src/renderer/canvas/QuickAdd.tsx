/** A short list at the pointer: choose a block by a few letters, and it is there, wired where a wire led here. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { categories } from '#shared/catalog/define';
import { categoryTitles } from '#shared/catalog/index';
import { fuzzyScore } from '../commands/fuzzy.js';
import { useOptions } from '../commands/useOptions.js';
import { useProject } from '../stores/project.js';
import { Icon } from '../ui/index.js';
import { addOption } from './actions.js';
import { allOptions, optionsFor, type AddOption } from './addOptions.js';
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
  const dialog = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
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
    onClose();
    addOption(option, from, at);
  };
  const find = useCallback((query: string) => search(options, query), [options]);
  const { query, shown, current, field, list, option } = useOptions(find, choose);
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
          {...field}
          aria-label="Search blocks to add"
          placeholder={from === null ? 'Add a block' : 'Add a block to this wire'}
          onKeyDown={(event) => {
            field.onKeyDown?.(event);
            if (event.key !== 'Escape' && event.key !== 'Tab') return;
            event.preventDefault();
            // Escape would also take the selection away.
            event.stopPropagation();
            onClose();
          }}
        />
      </div>
      <div {...list} aria-label="Blocks" className={styles.options}>
        {shown.map(({ block, port }, index) => (
          <div key={block.id} {...option(index)} className={styles.option}>
            <span style={{ color: categoryColours[block.category] }}>
              <Icon name={glyphOf(block.id)} />
            </span>
            <span className={styles.title}>{block.title}</span>
            <span className={styles.detail}>{port?.label ?? categoryTitles[block.category]}</span>
          </div>
        ))}
      </div>
      <p className={styles.summary} role="status">
        {current?.block.docs.summary ??
          (options.length === 0
            ? 'No block has a port that takes this wire.'
            : `No block that fits matches “${query}”.`)}
      </p>
    </div>
  );
}

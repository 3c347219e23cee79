import { useState } from 'react';
import { categories, type Block } from '#shared/catalog/define';
import { blocks, categoryTitles } from '#shared/catalog/index';
import { Icon, Tooltip } from '../ui/index.js';
import { useDesign } from '../stores/design.js';
import { blockMimeType } from './editing.js';
import styles from './canvas.module.css';
import { categoryColours, glyphOf } from './looks.js';

const matches = (block: Block, query: string): boolean => {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const text =
    `${block.title} ${block.id} ${categoryTitles[block.category]} ${block.docs.summary}`.toLowerCase();
  return words.every((word) => text.includes(word));
};

/** All blocks by category. Drag one to the canvas, or press Enter or double-click to add it there. */
export function Palette() {
  const onAdd = useDesign((state) => state.addBlock);
  const [query, setQuery] = useState('');
  const found = blocks.filter((block) => matches(block, query));
  return (
    <aside className={styles.palette} aria-label="Blocks">
      <div className={styles.search}>
        <Icon name="search" />
        <input
          type="search"
          aria-label="Search blocks"
          placeholder="Search blocks"
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
          onKeyDown={(event) => {
            const [first] = found;
            if (event.key === 'Enter' && query !== '' && first !== undefined) onAdd(first.id);
            if (event.key === 'Escape') setQuery('');
          }}
        />
      </div>
      <div className={styles.blocks}>
        {categories.map((category) => {
          const entries = found.filter((block) => block.category === category);
          if (entries.length === 0) return null;
          return (
            <section key={category} className={styles.category}>
              <h3>{categoryTitles[category]}</h3>
              {entries.map((block) => (
                <Tooltip key={block.id} label={block.docs.summary} position="right">
                  <button
                    type="button"
                    className={styles.entry}
                    draggable
                    onDragStart={(event) => {
                      event.dataTransfer.setData(blockMimeType, block.id);
                      event.dataTransfer.effectAllowed = 'copy';
                    }}
                    onDoubleClick={() => onAdd(block.id)}
                    onKeyDown={(event) => {
                      if (event.key === 'Enter') onAdd(block.id);
                    }}
                  >
                    <span style={{ color: categoryColours[category] }}>
                      <Icon name={glyphOf(block.id)} />
                    </span>
                    {block.title}
                  </button>
                </Tooltip>
              ))}
            </section>
          );
        })}
        {found.length === 0 && <p className={styles.none}>No block matches “{query}”.</p>}
      </div>
    </aside>
  );
}

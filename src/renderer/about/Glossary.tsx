/** The field's terms with their meaning and source, searched as one types. */
import { useState } from 'react';
import { formatPlural } from '#shared/format';
import { findTerms } from '#shared/glossary';
import { useStudio } from '../stores/studio.js';
import { Dialog, Icon, ScrollRegion, TextField } from '../ui/index.js';
import styles from './about.module.css';

export default function Glossary() {
  const setOverlay = useStudio((state) => state.setOverlay);
  const [text, setText] = useState('');
  const terms = findTerms(text);
  return (
    <Dialog onClose={() => setOverlay(null)} title="Glossary" size={640}>
      <div className={styles.licences}>
        <div className={styles.filter}>
          <Icon name="search" size={14} />
          <TextField
            label="Search terms"
            bare
            first
            placeholder="Search terms"
            value={text}
            onChange={setText}
          />
          <span className={styles.count} role="status">
            {formatPlural(terms.length, 'term')}
          </span>
        </div>
        <ScrollRegion label="Terms" className={styles.list}>
          {terms.length === 0 && <p className={styles.none}>Nothing matches “{text.trim()}”.</p>}
          <dl>
            {terms.map(({ name, meaning, source }) => (
              <div key={name} className={styles.term}>
                <dt>{name}</dt>
                <dd>{meaning}</dd>
                {source !== undefined && <dd className={styles.source}>{source}</dd>}
              </div>
            ))}
          </dl>
        </ScrollRegion>
      </div>
    </Dialog>
  );
}

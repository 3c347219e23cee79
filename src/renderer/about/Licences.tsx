/** Ours, that of the data and fonts, and those of the packages that the studio is built from. */
import { useState } from 'react';
import licences from 'virtual:licences';
import { formatCount } from '#shared/format';
import { Button, TextField } from '../ui/index.js';
import styles from './about.module.css';

type Package = (typeof licences.packages)[number];

function Text({ title, aside, text }: { title: string; aside: string; text: string }) {
  return (
    <details className={styles.entry}>
      <summary>
        <span className={styles.entryTitle}>{title}</span>
        <span className={styles.entryAside}>{aside}</span>
      </summary>
      <pre tabIndex={0} aria-label={`Licence of ${title}`}>
        {text}
      </pre>
    </details>
  );
}

const textOf = ({ text, name, licence }: Package): string =>
  (text === null ? undefined : licences.texts[text]) ??
  `${name} brings no licence text; its package.json names the licence ${licence}.`;

export default function Licences({ onBack }: { onBack: () => void }) {
  const [query, setQuery] = useState('');
  const wanted = query.trim().toLowerCase();
  const packages = licences.packages.filter(({ name, licence }) =>
    `${name} ${licence}`.toLowerCase().includes(wanted),
  );
  return (
    <div className={styles.licences}>
      <div className={styles.filter}>
        <Button size="small" onClick={onBack}>
          Back
        </Button>
        <TextField
          bare
          label="Find a package or a licence"
          placeholder="Find a package or a licence"
          value={query}
          onChange={setQuery}
        />
      </div>
      <div className={styles.list}>
        {wanted === '' && (
          <>
            <Text title="Unroll Studio" aside="MIT" text={licences.own} />
            <Text title="Data and fonts" aside="see the text" text={licences.notice} />
          </>
        )}
        <h3 className={styles.listTitle}>
          {wanted === ''
            ? `${formatCount(packages.length)} packages`
            : `${formatCount(packages.length)} of ${formatCount(licences.packages.length)} packages`}
        </h3>
        {packages.map((one) => (
          <Text
            key={`${one.name} ${one.version}`}
            title={`${one.name} ${one.version}`}
            aside={one.licence}
            text={textOf(one)}
          />
        ))}
      </div>
    </div>
  );
}

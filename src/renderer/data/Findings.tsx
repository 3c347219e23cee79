import { useRef, useState } from 'react';
import type { Finding, Mend } from '#shared/data/findings/index';
import { formatPlural } from '#shared/format';
import { Button, Icon } from '../ui/index.js';
import styles from './findings.module.css';
import { useRecipeEdit } from './recipeContext.js';

/** More would push the data itself out of sight. */
const shownFindings = 3;

/** All that was found, with what it means; what one click mends is an edit like any other. */
export function FindingList({ findings }: { findings: readonly Finding[] }) {
  const [all, setAll] = useState(false);
  const { undoable } = useRecipeEdit();
  const [mended, setMended] = useState<string | null>(null);
  const region = useRef<HTMLElement>(null);
  const shown = all ? findings : findings.slice(0, shownFindings);
  const rest = findings.length - shown.length;
  return (
    <section ref={region} className={styles.findings} aria-label="Worth knowing" tabIndex={-1}>
      {findings.length === 0 && (
        <p className={styles.clear}>
          <Icon name="check" size={14} />
          Nothing found that would make the scores on this data misleading.
        </p>
      )}
      <ul>
        {shown.map((finding) => (
          <li key={finding.title} data-severity={finding.severity}>
            <Icon name={finding.severity === 'warning' ? 'warn' : 'info'} size={14} />
            <p>
              <b>{finding.title}</b> {finding.explanation}
            </p>
            <Mends
              mends={finding.mends}
              onMend={(label) => {
                setMended(label);
                // The button goes with what it mends: keep the keyboard's place.
                region.current?.focus();
              }}
            />
          </li>
        ))}
      </ul>
      <div className={styles.foot}>
        {findings.length > shownFindings && (
          <Button size="small" variant="quiet" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? 'Show fewer' : `Show ${formatPlural(rest, 'more note', 'more')}`}
          </Button>
        )}
        <span role="status">
          {mended !== null &&
            `“${mended}” is in the recipe now${undoable ? '; undo takes it back' : ''}.`}
        </span>
      </div>
    </section>
  );
}

/** The conclusions about one place, beside what they are about. */
export function PlaceFindings({
  findings,
  place,
}: {
  findings: readonly Finding[];
  place: Finding['place'];
}) {
  const here = findings.filter((finding) => finding.place === place);
  if (here.length === 0) return null;
  return (
    <ul className={styles.place}>
      {here.map(({ title, severity, explanation }) => (
        <li key={title} data-severity={severity} title={explanation}>
          <Icon name={severity === 'warning' ? 'warn' : 'info'} size={14} />
          {title}
        </li>
      ))}
    </ul>
  );
}

function Mends({ mends, onMend }: { mends: readonly Mend[]; onMend: (label: string) => void }) {
  const { setRecipe, setTraining } = useRecipeEdit();
  const possible = mends.filter((mend) => 'recipe' in mend || setTraining !== null);
  if (possible.length === 0) return null;
  return (
    <div className={styles.mends}>
      {possible.map((mend) => (
        <Button
          key={mend.label}
          size="small"
          onClick={() => {
            if ('recipe' in mend) setRecipe(mend.recipe, mend.label);
            else setTraining?.(mend.training, mend.label);
            onMend(mend.label);
          }}
        >
          {mend.label}
        </Button>
      ))}
    </div>
  );
}

import { useMemo } from 'react';
import type { DataPreview } from '#shared/data/facts';
import { dataFindings, type Finding } from '#shared/data/findings/index';
import type { DataRecipe } from '#shared/data/recipe';
import { formatPercent, formatPlural } from '#shared/format';
import { namedWeights, weightsText, type ClassWeights } from '#shared/training/class-weights';
import { useProject } from '../stores/project.js';
import { formatCount, Panel, Term } from '../ui/index.js';
import { visible } from './tokens.js';
import { BatchTable } from './BatchTable.js';
import styles from './data.module.css';
import { FindingList, PlaceFindings } from './Findings.js';
import { LengthCard } from './LengthCard.js';
import { SourceCard } from './SourceCard.js';
import { SourceRows } from './SourceRows.js';

/** What preparing the data found, from the source down to one batch. */
export function Preview({ preview, recipe }: { preview: DataPreview; recipe: DataRecipe }) {
  const bucketing = useProject((state) => state.document?.training.bucketing ?? true);
  const classWeights = useProject((state) => state.document?.training.classWeights ?? 'off');
  const { classes, vocabulary, facts } = preview;
  const findings = useMemo(
    () => dataFindings(recipe, preview, { bucketing, classWeights }),
    [recipe, preview, bucketing, classWeights],
  );
  const padded = facts.input.kind === 'tokens' && facts.input.padded;
  return (
    <>
      <FindingList key={preview.source.title} findings={findings} />
      <div className={styles.cards}>
        <SourceCard preview={preview} recipe={recipe} findings={findings} />
        {classes.length > 0 && (
          <ClassBalance
            classes={classes}
            task={recipe.task}
            weights={namedWeights({ classWeights }, facts)}
            findings={findings}
          />
        )}
        {padded && 'maximumTimeSteps' in recipe && (
          <LengthCard preview={preview} recipe={recipe} findings={findings} />
        )}
        {vocabulary !== null && (
          <VocabularyCard vocabulary={vocabulary} recipe={recipe} findings={findings} />
        )}
      </div>
      <BatchTable
        batch={preview.batch}
        names={namesOf(preview)}
        textTarget={recipe.task === 'next-token'}
      />
      <SourceRows preview={preview} recipe={recipe} />
    </>
  );
}

const namesOf = ({ facts }: DataPreview): readonly string[] | null =>
  facts.input.kind === 'sequence' ? facts.input.names : null;

const shownClasses = 8;

function ClassBalance({
  classes,
  task,
  weights,
  findings,
}: {
  classes: DataPreview['classes'];
  task: DataRecipe['task'];
  /** null where all classes count the same. */
  weights: ClassWeights | null;
  findings: readonly Finding[];
}) {
  const totals = classes.map((entry) => ({
    ...entry,
    total: entry.train + entry.validation + entry.test,
  }));
  const all = totals.reduce((sum, { total }) => sum + total, 0);
  const sorted = [...totals].sort((a, b) => b.total - a.total);
  const most = Math.max(1, sorted[0]?.total ?? 1);
  return (
    <div className={styles.card}>
      <Panel
        title={task === 'tagging' ? 'Tag balance' : 'Class balance'}
        aside={formatPlural(
          classes.length,
          task === 'tagging' ? 'tag' : 'class',
          task === 'tagging' ? 'tags' : 'classes',
        )}
      >
        <table className={styles.bars}>
          <tbody>
            {sorted.slice(0, shownClasses).map(({ label, total, train, validation, test }) => (
              <tr
                key={label}
                title={`train ${formatCount(train)}, validation ${formatCount(validation)}, test ${formatCount(test)}`}
              >
                <th scope="row">{label}</th>
                <td className={styles.bar}>
                  <i style={{ width: `${(train / most) * 100}%` }} data-part="train" />
                  <i style={{ width: `${(validation / most) * 100}%` }} data-part="validation" />
                  <i style={{ width: `${(test / most) * 100}%` }} data-part="test" />
                </td>
                <td>{formatCount(total)}</td>
                <td className={styles.dim}>{all === 0 ? '' : formatPercent(total / all)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {sorted.length > shownClasses && (
          <p className={styles.dim}>and {formatCount(sorted.length - shownClasses)} more</p>
        )}
        <p className={styles.note}>
          Always guessing “{sorted[0]?.label}” would be right in{' '}
          {formatPercent(all === 0 ? null : (sorted[0]?.total ?? 0) / all)} of cases: a network has
          to beat that.
        </p>
        {weights !== null && (
          <p className={styles.note}>
            <Term id="classWeights">Class weights</Term> in the training loss:{' '}
            {weightsText(weights)}.
          </p>
        )}
        <PlaceFindings findings={findings} place="classes" />
      </Panel>
    </div>
  );
}

const shownTokens = 32;

function VocabularyCard({
  vocabulary,
  recipe,
  findings,
}: {
  vocabulary: NonNullable<DataPreview['vocabulary']>;
  recipe: DataRecipe;
  findings: readonly Finding[];
}) {
  const unit = 'tokenizer' in recipe ? recipe.tokenizer.unit : 'word';
  return (
    <div className={styles.card}>
      <Panel title="Vocabulary" term="vocabulary" aside={formatPlural(vocabulary.size, 'token')}>
        <p className={styles.note}>
          {vocabulary.unknownRate === 0 ? (
            `Every ${unit} in validation and test is known from the training rows.`
          ) : (
            <>
              {formatPercent(vocabulary.unknownRate)} of the {unit}s in validation and test are
              unknown and become <Term id="unknownToken">{'<unk>'}</Term>.
            </>
          )}
        </p>
        <ul className={styles.tokens} aria-label="Most frequent tokens">
          {vocabulary.mostFrequent.slice(0, shownTokens).map(({ token, count }) => (
            <li key={token}>
              {visible(token)} <small>{formatCount(count)}</small>
            </li>
          ))}
        </ul>
        <PlaceFindings findings={findings} place="vocabulary" />
      </Panel>
    </div>
  );
}

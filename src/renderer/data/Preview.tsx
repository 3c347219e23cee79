import type { DataPreview } from '#shared/data/facts';
import type { DataRecipe } from '#shared/data/recipe';
import { formatPercent, formatPlural } from '#shared/format';
import { formatCount, Icon, KeyValue, Panel } from '../ui/index.js';
import { visible } from './tokens.js';
import { BatchTable } from './BatchTable.js';
import styles from './data.module.css';
import { LengthHistogram } from './LengthHistogram.js';

/** What preparing the data found, from the source down to one batch. */
export function Preview({ preview, recipe }: { preview: DataPreview; recipe: DataRecipe }) {
  const { warnings, table, classes, vocabulary, facts } = preview;
  const padded = facts.input.kind === 'tokens' && facts.input.padded;
  return (
    <>
      {warnings.length > 0 && (
        <ul className={styles.warnings} aria-label="Worth knowing">
          {warnings.map(({ code, message, hint }) => (
            <li key={`${code} ${message}`}>
              <Icon name="warn" size={14} />
              <span>
                <b>{message}</b> {hint}
              </span>
            </li>
          ))}
        </ul>
      )}
      <div className={styles.cards}>
        <SourceCard preview={preview} />
        {classes.length > 0 && <ClassBalance classes={classes} task={recipe.task} />}
        {padded && <LengthCard preview={preview} recipe={recipe} />}
        {vocabulary !== null && <VocabularyCard vocabulary={vocabulary} recipe={recipe} />}
      </div>
      <BatchTable
        batch={preview.batch}
        names={namesOf(preview)}
        textTarget={recipe.task === 'next-token'}
      />
      <Rows table={table} recipe={recipe} size={preview.source.size} unit={preview.source.unit} />
    </>
  );
}

const namesOf = ({ facts }: DataPreview): readonly string[] | null =>
  facts.input.kind === 'sequence' ? facts.input.names : null;

function SourceCard({ preview: { source, facts } }: { preview: DataPreview }) {
  const { examples } = facts;
  const total = examples.train + examples.validation + examples.test;
  const noun = facts.task === 'next-token' || facts.task === 'forecast' ? 'window' : 'row';
  const input =
    facts.input.kind === 'tokens'
      ? `B × ${facts.input.padded ? 'T' : facts.input.timeSteps} tokens of ${formatCount(facts.input.vocabularySize)}`
      : `B × ${facts.input.timeSteps} × ${facts.input.features}`;
  return (
    <div className={styles.card}>
      <Panel title={source.title} aside={`${formatCount(source.size)} ${source.unit}`}>
        <div
          className={styles.splitBar}
          role="img"
          aria-label={`${formatPlural(examples.train, noun)} to train on, ${formatCount(examples.validation)} for validation, ${formatCount(examples.test)} for the test.`}
        >
          <i style={{ flexGrow: examples.train }} data-part="train" />
          <i style={{ flexGrow: examples.validation }} data-part="validation" />
          <i style={{ flexGrow: examples.test }} data-part="test" />
        </div>
        <dl className={styles.parts}>
          {(['train', 'validation', 'test'] as const).map((part) => (
            <div key={part}>
              <dt>
                <i className={styles.swatch} data-part={part} />
                {part}
              </dt>
              <dd>
                {formatCount(examples[part])}{' '}
                <small>{total === 0 ? '' : formatPercent(examples[part] / total, 0)}</small>
              </dd>
            </div>
          ))}
        </dl>
        <KeyValue
          items={[
            { key: 'Input', value: input, mono: true },
            {
              key: 'Output',
              value:
                facts.output.labels === null
                  ? `B × ${facts.output.size}`
                  : `${formatCount(facts.output.size)} ${facts.task === 'next-token' ? 'tokens' : 'classes'}`,
              mono: true,
            },
            ...(facts.input.kind === 'tokens' && facts.input.padded
              ? []
              : [
                  {
                    key: 'Length',
                    value: `${formatPlural(facts.input.timeSteps, 'time step')}, nothing padded`,
                  },
                ]),
            ...(source.licence === null ? [] : [{ key: 'Licence', value: source.licence }]),
            ...(source.origin === null ? [] : [{ key: 'Origin', value: source.origin }]),
          ]}
        />
      </Panel>
    </div>
  );
}

const shownClasses = 8;

function ClassBalance({
  classes,
  task,
}: {
  classes: DataPreview['classes'];
  task: DataRecipe['task'];
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
      </Panel>
    </div>
  );
}

function LengthCard({ preview, recipe }: { preview: DataPreview; recipe: DataRecipe }) {
  const { lengths } = preview;
  const cutAt = 'maximumTimeSteps' in recipe ? recipe.maximumTimeSteps : null;
  return (
    <div className={styles.card}>
      <Panel
        title="Row length"
        aside={`mean ${lengths.mean.toFixed(1)}, longest ${formatCount(lengths.maximum)}`}
      >
        <LengthHistogram lengths={lengths} cutAt={cutAt} />
        <KeyValue
          items={[
            { key: 'Rows that are cut', value: formatPercent(lengths.truncated) },
            { key: 'Padding, all rows to one length', value: formatPercent(lengths.paddingWhole) },
            {
              key: 'Padding, batches of similar length',
              value: formatPercent(lengths.paddingBucketed),
            },
          ]}
        />
      </Panel>
    </div>
  );
}

const shownTokens = 32;

function VocabularyCard({
  vocabulary,
  recipe,
}: {
  vocabulary: NonNullable<DataPreview['vocabulary']>;
  recipe: DataRecipe;
}) {
  const unit = 'tokenizer' in recipe ? recipe.tokenizer.unit : 'word';
  return (
    <div className={styles.card}>
      <Panel title="Vocabulary" aside={formatPlural(vocabulary.size, 'token')}>
        <p className={styles.note}>
          {vocabulary.unknownRate === 0
            ? `Every ${unit} in validation and test is known from the training rows.`
            : `${formatPercent(vocabulary.unknownRate)} of the ${unit}s in validation and test are unknown and become <unk>.`}
        </p>
        <ul className={styles.tokens} aria-label="Most frequent tokens">
          {vocabulary.mostFrequent.slice(0, shownTokens).map(({ token, count }) => (
            <li key={token}>
              {visible(token)} <small>{formatCount(count)}</small>
            </li>
          ))}
        </ul>
      </Panel>
    </div>
  );
}

function roleOf(name: string, recipe: DataRecipe): string | null {
  if (recipe.task === 'next-token') return null;
  if (recipe.task === 'forecast') {
    const input = recipe.inputColumns.includes(name);
    const target = recipe.targetColumns.includes(name);
    if (input && target) return 'input, target';
    if (input) return 'input';
    if (target) return 'target';
    return name === recipe.timeColumn ? 'time' : null;
  }
  if (name === recipe.textColumn) return 'input';
  return name === recipe.labelColumn ? (recipe.task === 'tagging' ? 'tags' : 'label') : null;
}

function Rows({
  table,
  recipe,
  size,
  unit,
}: {
  table: DataPreview['table'];
  recipe: DataRecipe;
  size: number;
  unit: 'rows' | 'tokens';
}) {
  return (
    <section className={styles.block} aria-label="First rows">
      <h3>
        Source
        <span>
          first {formatPlural(table.rows.length, unit === 'rows' ? 'row' : 'line')}
          {unit === 'rows' && ` of ${formatCount(size)}`}
        </span>
      </h3>
      <div
        className={styles.scroll}
        tabIndex={0}
        role="region"
        aria-label="First rows of the source"
      >
        <table className={styles.rows}>
          <thead>
            <tr>
              <th scope="col">
                <span className="visually-hidden">Row</span>
              </th>
              {table.columns.map((name, index) => {
                const role = roleOf(name, recipe);
                return (
                  <th key={index} scope="col" data-role={role ?? undefined}>
                    {name}
                    {role !== null && <small>{role}</small>}
                  </th>
                );
              })}
            </tr>
          </thead>
          <tbody>
            {table.rows.map((cells, index) => (
              <tr key={index}>
                <th scope="row">{index + 1}</th>
                {cells.map((cell, column) => (
                  <td key={column} title={cell.length > 60 ? cell : undefined}>
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

import type { DataPreview } from '#shared/data/facts';
import type { Finding } from '#shared/data/findings/index';
import type { DataRecipe } from '#shared/data/recipe';
import { formatPercent, formatPlural } from '#shared/format';
import { formatCount, KeyValue, Panel } from '../ui/index.js';
import styles from './data.module.css';
import { PlaceFindings } from './Findings.js';

/** Where the data comes from, how it is split, and which shapes follow. */
export function SourceCard({
  preview: { source, facts, periods },
  recipe,
  findings,
}: {
  preview: DataPreview;
  recipe: DataRecipe;
  findings: readonly Finding[];
}) {
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
              <Period of={periods?.[part] ?? null} />
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
            ...(recipe.task === 'forecast' && recipe.scaler !== 'none'
              ? [{ key: 'Scaling', value: 'fitted on the training rows only' }]
              : []),
            ...(source.licence === null ? [] : [{ key: 'Licence', value: source.licence }]),
            ...(source.origin === null ? [] : [{ key: 'Origin', value: source.origin }]),
          ]}
        />
        <PlaceFindings findings={findings} place="source" />
      </Panel>
    </div>
  );
}

/** From when to when, on two lines: dates can be long. */
function Period({ of: period }: { of: readonly [string, string] | null }) {
  if (period === null) return null;
  const [from, to] = period;
  return (
    <dd className={styles.period}>
      {from} <span>to {to}</span>
    </dd>
  );
}

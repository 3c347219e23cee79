import { useMemo, useState } from 'react';
import { formatScore } from '#shared/format';
import type { ForecastResults } from '#shared/run/results';
import { LaneChart, LegendItem } from '../charts/LaneChart.js';
import { formatCount, Select, Term } from '../ui/index.js';
import { residualFacts, residualModel } from './residualLanes.js';
import styles from './results.module.css';

type Target = ForecastResults['targets'][number];

/** Predicted against actual over the whole test part, the residuals, and the errors by step ahead. */
export function ForecastResultsPanel({ results: { targets } }: { results: ForecastResults }) {
  const [name, setName] = useState(targets[0]?.name ?? '');
  const target = targets.find((one) => one.name === name) ?? targets[0];
  if (target === undefined) return null;
  return (
    <div className={styles.page}>
      {targets.length > 1 && (
        <div className={styles.choice}>
          <Select
            label="Target"
            value={target.name}
            choices={targets.map((one) => ({ value: one.name, label: one.name }))}
            onChange={setName}
          />
        </div>
      )}
      <ResidualChart key={target.name} target={target} />
      <StepErrors target={target} />
    </div>
  );
}

function ResidualChart({ target }: { target: Target }) {
  const model = useMemo(() => residualModel(target), [target]);
  const { bias, rootMeanSquared, worst } = useMemo(() => residualFacts(target), [target]);
  const facts =
    `mean ${formatScore(bias)}, RMSE ${formatScore(rootMeanSquared)}` +
    (worst === null ? '' : `, furthest off at row ${worst.row}: ${formatScore(worst.residual)}`);
  return (
    <div className={styles.chart}>
      <LaneChart
        model={model}
        label={`${target.name}, predicted against actual, one step ahead, over ${formatCount(target.actual.length)} test rows. Residuals: ${facts}.`}
        headings={[
          <>
            <h3>{target.name}, one step ahead</h3>
            <LegendItem name="actual" color="var(--d-2)" />
            <LegendItem name="predicted" color="var(--d-1)" />
          </>,
          <>
            <h3>
              <Term id="residual">Residual</Term>
            </h3>
            <span className={styles.note}>predicted − actual: {facts}</span>
          </>,
        ]}
      />
    </div>
  );
}

function StepErrors({ target }: { target: Target }) {
  return (
    <table className={styles.scores}>
      <caption>Errors by how far ahead</caption>
      <thead>
        <tr>
          <th scope="col">
            <Term id="horizon">Steps ahead</Term>
          </th>
          <th scope="col">
            <Term id="mae">MAE</Term>
          </th>
          <th scope="col">
            <Term id="rmse">RMSE</Term>
          </th>
          <th scope="col">
            <Term id="persistence">MAE of repeating the last value</Term>
          </th>
        </tr>
      </thead>
      <tbody>
        {target.byStep.map(({ meanAbsolute, rootMeanSquared, persistence }, step) => (
          <tr key={step}>
            <th scope="row">{step + 1}</th>
            <td>{formatScore(meanAbsolute)}</td>
            <td>{formatScore(rootMeanSquared)}</td>
            <td>{formatScore(persistence)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

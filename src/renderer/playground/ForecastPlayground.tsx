import { useMemo, useState } from 'react';
import type { ForecastRecipe } from '#shared/data/recipe';
import { formatCount, formatScore } from '#shared/format';
import { longestHorizon, type RollOut } from '#shared/run/prediction';
import { LaneChart, LegendItem } from '../charts/LaneChart.js';
import { NumberField } from '../ui/index.js';
import { AskedError } from '../AskedError.js';
import { errorModel, errorSentence } from './errorLanes.js';
import {
  forecastModel,
  persistenceError,
  pooledAttention,
  windowError,
  type Forecast,
} from './forecastLanes.js';
import styles from './playground.module.css';
import { RowPicker } from './RowPicker.js';
import { asRequest, usePrediction, useRollOut } from './usePrediction.js';

/** A window of the test part: what the network saw, said, and what came; and how errors grow ahead. */
export function ForecastPlayground({
  runId,
  recipe,
  nameOf,
  testRows,
}: {
  runId: string;
  recipe: ForecastRecipe;
  /** Names of the blocks. */
  nameOf: (node: string) => string;
  testRows: number | null;
}) {
  const [row, setRow] = useState(0);
  const [horizon, setHorizon] = useState(recipe.horizon);
  const prediction = usePrediction(runId, {
    ...asRequest({ kind: 'test-row', index: row }),
    horizon,
  });
  const rollOut = useRollOut(runId, horizon);
  const forecast = prediction.answer?.kind === 'forecast' ? prediction.answer : null;
  return (
    <div className={styles.forecast} aria-busy={prediction.busy || rollOut.busy}>
      <div className={styles.forecastHead}>
        <RowPicker row={row} rows={testRows} onChange={setRow} />
        <div className={styles.horizon}>
          <NumberField
            label="Horizon"
            description="Steps ahead. Beyond what the network predicts at once, its predictions are fed back as input."
            value={horizon}
            integer
            min={1}
            max={longestHorizon}
            validate={(value) =>
              value === null || value < 1 || value > longestHorizon || !Number.isInteger(value)
                ? `A whole number from 1 to ${longestHorizon}.`
                : null
            }
            onChange={(value) => setHorizon(value ?? recipe.horizon)}
          />
        </div>
        <p className={styles.note}>{feeding(recipe, horizon, rollOut.answer?.held ?? [])}</p>
      </div>
      <AskedError asked={prediction} />
      {forecast !== null && <ForecastChart forecast={forecast} nameOf={nameOf} />}
      <AskedError asked={rollOut} />
      {rollOut.error === null && (
        <ErrorChart rollOut={rollOut.answer} stale={rollOut.busy} own={recipe.horizon} />
      )}
    </div>
  );
}

/** How the steps come about, in words. */
function feeding(recipe: ForecastRecipe, horizon: number, held: readonly string[]): string {
  const own = `${recipe.window} rows in, ${recipe.horizon} ahead at once`;
  if (horizon <= recipe.horizon) return `${own}.`;
  const rest = held.length === 0 ? '' : `; ${held.join(', ')} stay at their last value`;
  return `${own}; beyond +${recipe.horizon} its own predictions are fed back${rest}.`;
}

function ForecastChart({
  forecast,
  nameOf,
}: {
  forecast: Forecast;
  nameOf: (node: string) => string;
}) {
  const model = useMemo(() => forecastModel(forecast, forecast.targets), [forecast]);
  const sentences = forecast.targets.map((name, target) => {
    const error = windowError(forecast, target);
    if (error === null) return `${name}: no actual values.`;
    return `${name}: off by ${formatScore(error)} on average; repeating the last value ${formatScore(persistenceError(forecast, target))}.`;
  });
  return (
    <div className={styles.chart}>
      <LaneChart
        model={model}
        label={`Forecast. ${sentences.join(' ')}`}
        headings={[
          ...forecast.targets.map((name, target) => (
            <>
              <h3>{name}</h3>
              <LegendItem name="seen" color="var(--fg-2)" />
              <LegendItem
                name="predicted"
                color="var(--d-1)"
                marked
                value={formatScore(forecast.values[0]?.[target] ?? null)}
              />
              {forecast.actual !== null && (
                <LegendItem
                  name="actual"
                  color="var(--d-2)"
                  marked
                  dash="dashed"
                  value={formatScore(forecast.actual[0]?.[target] ?? null)}
                />
              )}
              <span className={styles.note}>{sentences[target]}</span>
            </>
          )),
          ...pooledAttention(forecast).map(({ node }) => (
            <>
              <h3>{nameOf(node)}</h3>
              <span className={styles.note}>weight of each row that the network saw</span>
            </>
          )),
        ]}
      />
    </div>
  );
}

/** The mean absolute error by step ahead on the test part. */
function ErrorChart({
  rollOut,
  stale,
  own,
}: {
  rollOut: RollOut | null;
  stale: boolean;
  /** Steps that the network predicts at once. */
  own: number;
}) {
  const model = useMemo(
    () => (rollOut === null ? null : errorModel(rollOut.targets, own)),
    [rollOut, own],
  );
  const windows = rollOut === null ? '' : `${formatCount(rollOut.windows)} test windows`;
  return (
    <section
      className={styles.errors}
      aria-label="Error by step ahead"
      aria-busy={stale}
      data-stale={stale || undefined}
    >
      {rollOut === null || model === null ? (
        <p className={styles.note} role="status">
          Measuring the error by step ahead…
        </p>
      ) : (
        <LaneChart
          model={model}
          label={`Mean absolute error by step ahead, over ${windows}. ${rollOut.targets.map((target) => `${target.name}: ${errorSentence(target)}`).join(' ')}`}
          headings={rollOut.targets.map((target) => (
            <>
              <h3>Error of {target.name} by step ahead</h3>
              <LegendItem name="network" color="var(--d-1)" marked />
              <LegendItem name="last value" color="var(--d-2)" marked dash="dashed" />
              <span className={styles.note}>
                {errorSentence(target)} Mean absolute error, {windows}.
              </span>
            </>
          ))}
        />
      )}
    </section>
  );
}

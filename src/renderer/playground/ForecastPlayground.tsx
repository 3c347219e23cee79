import { useMemo, useState } from 'react';
import type { ForecastRecipe } from '#shared/data/recipe';
import { formatScore } from '#shared/format';
import { LaneChart, LegendItem } from '../charts/LaneChart.js';
import { ErrorNotice } from '../ui/index.js';
import { forecastModel, persistenceError, windowError, type Forecast } from './forecastLanes.js';
import styles from './playground.module.css';
import { RowPicker } from './RowPicker.js';
import { asRequest, usePrediction } from './usePrediction.js';

/** A window of the test part: what the network saw, said, and what came. */
export function ForecastPlayground({
  runId,
  recipe,
  testRows,
}: {
  runId: string;
  recipe: ForecastRecipe;
  testRows: number | null;
}) {
  const [row, setRow] = useState(0);
  const { answer, error, busy } = usePrediction(runId, asRequest({ kind: 'test-row', index: row }));
  const forecast = answer?.kind === 'forecast' ? answer : null;
  return (
    <div className={styles.forecast} aria-busy={busy}>
      <div className={styles.forecastHead}>
        <RowPicker row={row} rows={testRows} onChange={setRow} />
        <span className={styles.note}>
          {recipe.window} rows in, {recipe.horizon} ahead
        </span>
      </div>
      {error !== null && <ErrorNotice error={error} />}
      {forecast !== null && <ForecastChart forecast={forecast} />}
    </div>
  );
}

function ForecastChart({ forecast }: { forecast: Forecast }) {
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
        headings={forecast.targets.map((name, target) => (
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
        ))}
      />
    </div>
  );
}

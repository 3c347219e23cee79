import { useMemo, useState } from 'react';
import type { DataPreview } from '#shared/data/facts';
import type { Finding } from '#shared/data/findings/index';
import { cutShares } from '#shared/data/lengths';
import type { ClassificationRecipe, TaggingRecipe } from '#shared/data/recipe';
import { formatPercent } from '#shared/format';
import { formatCount, KeyValue, Panel } from '../ui/index.js';
import styles from './data.module.css';
import { PlaceFindings } from './Findings.js';
import { LengthHistogram } from './LengthHistogram.js';
import { useRecipeEdit } from './recipeContext.js';

/** How long the rows are, and what the maximum costs: live while it is dragged. */
export function LengthCard({
  preview,
  recipe,
  findings,
}: {
  preview: DataPreview;
  recipe: ClassificationRecipe | TaggingRecipe;
  findings: readonly Finding[];
}) {
  const { setRecipe } = useRecipeEdit();
  const { lengths, batch } = preview;
  const [dragged, setDragged] = useState<number | null>(null);
  const maximum = dragged ?? recipe.maximumTimeSteps;
  const shares = useMemo(
    () => cutShares(lengths.distribution, maximum, batch.shape[0] ?? 1),
    [lengths, maximum, batch],
  );
  return (
    <div className={styles.card}>
      <Panel
        title="Row length"
        aside={`mean ${lengths.mean.toFixed(1)}, longest ${formatCount(lengths.maximum)}`}
      >
        <LengthHistogram
          lengths={lengths}
          value={maximum}
          costs={`${formatPercent(shares.rowsCut)} of the rows cut, ${formatPercent(shares.paddingBucketed)} padding`}
          onDrag={setDragged}
          onChange={(maximumTimeSteps, gesture) => {
            setDragged(null);
            setRecipe(
              { ...recipe, maximumTimeSteps },
              `Cut rows at ${formatCount(maximumTimeSteps)}`,
              gesture,
            );
          }}
        />
        <KeyValue
          items={[
            { key: 'Rows that are cut', value: formatPercent(shares.rowsCut) },
            { key: 'Tokens that are lost', value: formatPercent(shares.tokensLost) },
            {
              key: 'Padding, all rows to one length',
              term: 'padding',
              value: formatPercent(shares.paddingWhole),
            },
            {
              key: 'Padding, batches of similar length',
              term: 'bucketing',
              value: formatPercent(shares.paddingBucketed),
            },
          ]}
        />
        <PlaceFindings findings={findings} place="lengths" />
      </Panel>
    </div>
  );
}

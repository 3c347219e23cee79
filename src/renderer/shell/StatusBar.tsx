import { useMemo } from 'react';
import { epochFlops, trainingMemory } from '#shared/graph/costs';
import type { OptimizerRecipe } from '#shared/training/recipe';
import { modelTotals } from '../stores/graph.js';
import { useProject } from '../stores/project.js';
import { growthText } from '../summary/growth.js';
import { Predicted } from '../summary/Predicted.js';
import { ShareBar } from '../summary/ShareBar.js';
import { formatBytes, formatCount, formatQuantity, Tooltip } from '../ui/index.js';
import { NextRun } from './NextRun.js';
import styles from './shell.module.css';

const optimizerNames: Record<OptimizerRecipe['kind'], string> = {
  adam: 'Adam',
  adamw: 'AdamW',
  sgd: 'SGD',
  rmsprop: 'RMSprop',
};

function Measure({ label, value, note }: { label: string; value: string; note: string }) {
  return (
    <Tooltip label={note} position="top">
      <div className={styles.measure} tabIndex={0} role="group" aria-label={`${label}: ${value}`}>
        <span>{label}</span>
        <b>{value}</b>
      </div>
    </Tooltip>
  );
}

/** FLOPs of an example, and why a recurrence needs so many. */
function Flops() {
  const totals = useProject((state) => modelTotals(state.analysis));
  const analysis = useProject((state) => state.analysis);
  const document = useProject((state) => state.document);
  const facts = useProject((state) => state.facts);
  const growth = useMemo(
    () => (document === null || analysis === null ? null : growthText(document, analysis, facts)),
    [document, analysis, facts],
  );
  const convention =
    'Floating-point operations of one example’s forward pass; a multiply-add counts as two.';
  return (
    <>
      <Measure
        label="FLOPs/example"
        value={formatQuantity(totals.flops)}
        note={growth === null ? convention : `${convention}\n\n${growth}`}
      />
      {facts !== null && (
        <Measure
          label="/epoch"
          value={formatQuantity(epochFlops(totals, facts.examples.train))}
          note={`Forward and backward (three times the forward pass) over ${formatCount(facts.examples.train)} training rows.`}
        />
      )}
    </>
  );
}

/** What the network on the canvas costs, how fast it would train, and how. */
export function StatusBar() {
  const totals = useProject((state) => modelTotals(state.analysis));
  const training = useProject((state) => state.document?.training);
  if (training === undefined) return <footer className={styles.status} />;
  const { optimizer, batchSize } = training;
  const memory = trainingMemory(totals, training);
  return (
    <footer className={styles.status} aria-label="Model">
      <Measure
        label="Parameters"
        value={formatCount(totals.parameters)}
        note="Numbers that training changes."
      />
      <Flops />
      <Measure
        label="Memory"
        value={formatBytes(memory.total)}
        note={
          'Predicted for training, float32:\n' +
          `${formatBytes(memory.weights)} weights\n${formatBytes(memory.gradients)} gradients\n` +
          `${formatBytes(memory.optimizer)} ${optimizerNames[optimizer.kind]}\n` +
          `${formatBytes(memory.activations)} activations of a batch of ${batchSize} rows of the mean length; longer rows need more`
        }
      />
      <ShareBar />
      <Predicted />
      <span className={styles.space} />
      <NextRun />
      <span className={styles.recipe}>
        float32, batch {batchSize}, {optimizerNames[optimizer.kind]}{' '}
        {String(optimizer.learningRate).length > 6 || optimizer.learningRate < 0.01
          ? optimizer.learningRate.toExponential()
          : optimizer.learningRate}
      </span>
    </footer>
  );
}

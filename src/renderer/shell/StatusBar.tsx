import { trainingMemory } from '#shared/graph/costs';
import type { OptimizerRecipe } from '#shared/training/recipe';
import { modelTotals } from '../stores/graph.js';
import { useProject } from '../stores/project.js';
import { deviceInUse, useStudio } from '../stores/studio.js';
import { formatBytes, formatCount, formatQuantity, Tooltip } from '../ui/index.js';
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
      <div className={styles.measure}>
        <span>{label}</span>
        <b>{value}</b>
      </div>
    </Tooltip>
  );
}

/** What the network on the canvas costs, on which device it would train, and how. */
export function StatusBar() {
  const totals = useProject((state) => modelTotals(state.analysis));
  const training = useProject((state) => state.document?.training);
  const devices = useStudio((state) => state.devices);
  const choice = useStudio((state) => state.deviceChoice);
  const device = deviceInUse(devices, choice);
  if (training === undefined) return <footer className={styles.status} />;
  const { optimizer, batchSize } = training;
  const memory = trainingMemory(totals, training);
  return (
    <footer className={styles.status} aria-label="Model">
      <Measure
        label="Parameters"
        value={formatCount(totals.parameters)}
        note="Numbers that training changes"
      />
      <Measure
        label="FLOPs/example"
        value={formatQuantity(totals.flops)}
        note="Floating-point operations of one example's forward pass; a multiply-add counts as two"
      />
      <Measure
        label="Memory"
        value={formatBytes(memory.total)}
        note={`Predicted for training, float32: ${formatBytes(memory.total - memory.activations)} for parameters, gradients and the optimizer, ${formatBytes(memory.activations)} of activations for a batch of ${batchSize}`}
      />
      {device !== null && <Measure label="Device" value={device.name} note={device.reason} />}
      <span className={styles.space} />
      <span>
        float32, batch {batchSize}, {optimizerNames[optimizer.kind]}{' '}
        {String(optimizer.learningRate).length > 6 || optimizer.learningRate < 0.01
          ? optimizer.learningRate.toExponential()
          : optimizer.learningRate}
      </span>
    </footer>
  );
}

/** How far back the loss's gradient reaches: what vanishing and exploding gradients look like. */
import { useMemo } from 'react';
import { formatPlural } from '#shared/format';
import type { ProjectDocument } from '#shared/graph/document';
import { gradientVerdict, type GradientFlow } from '#shared/run/gradients';
import { AskedError } from '../AskedError.js';
import { LaneChart } from '../charts/LaneChart.js';
import { client } from '../transport.js';
import { EmptyState, Term } from '../ui/index.js';
import { useAsked } from '../useAsked.js';
import { gradientModel, layerTitles } from './gradientLanes.js';
import styles from './results.module.css';

/** Of the weights that the run saved at this step. */
interface Question {
  runId: string;
  checkpointStep: number | null;
}

const ask = ({ runId }: Question): Promise<GradientFlow> =>
  client.request('runs.gradients', { runId });

export function RunGradients({
  runId,
  checkpointStep,
  document,
}: Question & { document: ProjectDocument | null }) {
  const asked = useAsked({ runId, checkpointStep }, ask, 0);
  const { answer, busy } = asked;
  return (
    <section className={styles.results} aria-label="Gradients through time" aria-busy={busy}>
      {busy && answer === null && (
        <p className={styles.note} role="status">
          The gradient is followed back through time…
        </p>
      )}
      <AskedError asked={asked} />
      {answer !== null && <Layers flow={answer} document={document} />}
    </section>
  );
}

function Layers({
  flow: { layers, rows },
  document,
}: {
  flow: GradientFlow;
  document: ProjectDocument | null;
}) {
  const titles = useMemo(
    () =>
      layerTitles(layers, (id) => document?.graph.nodes.find((node) => node.id === id)?.name ?? id),
    [layers, document],
  );
  const model = useMemo(() => gradientModel(layers, titles), [layers, titles]);
  if (layers.length === 0)
    return (
      <EmptyState>The network has no recurrent layer to follow a gradient through.</EmptyState>
    );
  const verdicts = layers.map(gradientVerdict);
  const sentences = verdicts.map(({ sentence }, index) => `${titles[index]}: ${sentence}`);
  return (
    <div className={styles.page}>
      <div>
        <ul className={styles.verdicts}>
          {verdicts.map(({ verdict, sentence }, index) => (
            <li key={index} data-verdict={verdict}>
              <b>{titles[index]}:</b> {sentence}
            </li>
          ))}
        </ul>
        <p className={styles.note}>
          <Term id="gradientFlow">‖∂L/∂h‖</Term> at every step as a share of the last step’s, mean
          of {formatPlural(rows, 'row')} of the training part, logarithmic. A straight line that
          falls to the left is a gradient that vanishes.
        </p>
      </div>
      <div className={styles.chart} style={{ height: Math.max(280, 180 * layers.length) }}>
        <LaneChart
          model={model}
          label={`Norm of the loss’s gradient with respect to the hidden state, by steps back. ${sentences.join(' ')}`}
          headings={titles.map((title) => (
            <h3 key={title}>{title}</h3>
          ))}
        />
      </div>
    </div>
  );
}

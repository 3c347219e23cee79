import type { ReactNode } from 'react';
import type { ProjectDocument } from '#shared/graph/document';
import type { Problem } from '#shared/graph/problems';
import { formatPlural } from '#shared/format';
import { useDesign } from '../stores/design.js';
import { useProject } from '../stores/project.js';
import { deviceInUse, useStudio } from '../stores/studio.js';
import { Button, formatCount, Icon, KeyValue, type KeyValueItem } from '../ui/index.js';
import { clipText, optimizerText, scheduleText } from '#shared/run/words';
import { hasClasses } from '#shared/training/class-weights';
import { startTraining } from './startTraining.js';
import styles from './train.module.css';

const tasks = {
  'next-token': 'Predict the next token',
  classification: 'Classify rows of text',
  tagging: 'Tag each token',
  forecast: 'Forecast a series',
} as const;

function recipeItems(document: ProjectDocument): KeyValueItem[] {
  const { training } = document;
  const stopping = training.earlyStopping;
  return [
    { key: 'Task', value: tasks[document.data.task] },
    { key: 'Epochs', value: formatCount(training.epochs) },
    { key: 'Batch size', value: formatCount(training.batchSize) },
    { key: 'Optimizer', value: optimizerText(training) },
    { key: 'Learning rate', value: scheduleText(training) },
    { key: 'Gradients', value: clipText(training) },
    ...(hasClasses(document.data.task)
      ? [{ key: 'Class weights', value: training.classWeights }]
      : []),
    {
      key: 'Early stopping',
      value:
        stopping === null
          ? 'off'
          : `after ${formatPlural(stopping.patience, 'epoch')} without gain`,
    },
    { key: 'Seed', value: String(training.seed) },
  ];
}

/** Before the first run: what would be trained, on what, and what stands in the way. */
export function BeforeRun() {
  const document = useProject((state) => state.document);
  const problems = useProject((state) => state.problems);
  const preview = useProject((state) => state.preview);
  const device = useStudio((state) => deviceInUse(state.devices, state.settings.device));
  const ready = useStudio((state) => state.engine.status === 'ready');
  if (document === null) return null;
  const errors = problems.filter((problem) => problem.severity === 'error');
  const data = preview.phase === 'ready' ? preview.preview : null;
  const items: KeyValueItem[] = [
    ...(data === null
      ? []
      : [
          {
            key: 'Data',
            value: `${data.source.title}, ${formatPlural(data.facts.examples.train, 'example')} to train on`,
          },
        ]),
    ...recipeItems(document),
    ...(device === null ? [] : [{ key: 'Device', value: device.name }]),
  ];
  let action: ReactNode = (
    <Button
      variant="primary"
      icon={<Icon name="run" />}
      disabled={!ready || preview.phase === 'loading'}
      onClick={() => void startTraining()}
    >
      Train
    </Button>
  );
  if (errors.length > 0)
    action = (
      <Button
        variant="warn"
        icon={<Icon name="warn" />}
        onClick={() => {
          useStudio.getState().setView(preview.phase === 'failed' ? 'data' : 'design');
          useDesign.getState().setProblemsOpen(true);
        }}
      >
        Show {errors.length === 1 ? 'the problem' : `the ${errors.length} problems`}
      </Button>
    );
  return (
    <div className={styles.before}>
      <div className={styles.beforeCard}>
        <h2>{document.name}</h2>
        <p className={styles.mid}>
          {errors.length > 0
            ? 'This has to be solved before the network can train.'
            : 'Not trained yet. Curves, scores and checkpoints appear here with the first step.'}
        </p>
        {errors.length > 0 && <ProblemList problems={errors} />}
        <KeyValue items={items} />
        <div className={styles.beforeAction}>
          {action}
          {preview.phase === 'loading' && <span className={styles.dim}>Preparing the data…</span>}
        </div>
      </div>
    </div>
  );
}

const shownProblems = 5;

function ProblemList({ problems }: { problems: readonly Problem[] }) {
  return (
    <ul className={styles.problems}>
      {problems.slice(0, shownProblems).map((problem, index) => (
        <li key={index}>
          <Icon name="warn" size={14} />
          <span>
            {problem.message} <span className={styles.mid}>{problem.hint}</span>
          </span>
        </li>
      ))}
      {problems.length > shownProblems && (
        <li className={styles.dim}>and {problems.length - shownProblems} more</li>
      )}
    </ul>
  );
}

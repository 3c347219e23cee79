import type { TextResults } from '#shared/run/results';
import { Button, Icon } from '../ui/index.js';
import styles from './results.module.css';
import { openPlayground } from './wanted.js';

/** How the network goes on with a text, greedily and sampled. */
export function TextResultsPanel({
  runId,
  results: { heldOut, samples },
}: {
  runId: string;
  results: TextResults;
}) {
  return (
    <div className={styles.page}>
      <p className={styles.note}>
        The beginning (bold) is a {heldOut ? 'held-out text' : 'text of the training part'}; the
        network writes on.
      </p>
      {samples.map(({ temperature, prompt, text }) => (
        <section key={temperature} aria-label={`Sample at temperature ${temperature}`}>
          <h3>
            Temperature {temperature}
            <span>
              {temperature === 0 ? 'always the most probable token' : 'sampled, with seed 0'}
            </span>
          </h3>
          <p className={styles.sample}>
            <b>{prompt}</b>
            {text}
          </p>
        </section>
      ))}
      <div>
        <Button icon={<Icon name="playground" />} onClick={() => openPlayground(runId)}>
          Other prompts and temperatures
        </Button>
      </div>
    </div>
  );
}

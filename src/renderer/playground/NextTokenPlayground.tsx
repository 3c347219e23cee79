import { useState } from 'react';
import { toWireError, type WireError } from '#shared/errors';
import type { NextTokenRecipe } from '#shared/data/recipe';
import { client } from '../transport.js';
import { Button, ErrorNotice, Icon, NumberField, TextField } from '../ui/index.js';
import { Bars } from './Bars.js';
import styles from './playground.module.css';
import { TokenStrip } from './TokenStrip.js';
import { asRequest, usePrediction } from './usePrediction.js';

type Generated =
  | { phase: 'none' }
  | { phase: 'busy' }
  | { phase: 'done'; prompt: string; text: string }
  | { phase: 'failed'; error: WireError };

const longest = 10_000;

/** A prompt, what may come next, and text that the network writes on from it. */
export function NextTokenPlayground({ runId, recipe }: { runId: string; recipe: NextTokenRecipe }) {
  const [prompt, setPrompt] = useState('');
  const [length, setLength] = useState(200);
  const [temperature, setTemperature] = useState(0.8);
  const [seed, setSeed] = useState(1);
  const [generated, setGenerated] = useState<Generated>({ phase: 'none' });
  const next = usePrediction(
    runId,
    prompt === '' ? null : asRequest({ kind: 'text', text: prompt }),
  );
  const answer = next.answer?.kind === 'next-token' ? next.answer : null;
  const unit = recipe.tokenizer.unit;

  const generate = (): void => {
    setGenerated({ phase: 'busy' });
    client
      .request('runs.predict', {
        runId,
        request: { input: { kind: 'text', text: prompt }, length, temperature, seed },
      })
      .then(
        (prediction) =>
          setGenerated({
            phase: 'done',
            prompt,
            text: prediction.kind === 'next-token' ? prediction.generated : '',
          }),
        (thrown: unknown) => setGenerated({ phase: 'failed', error: toWireError(thrown) }),
      );
  };

  return (
    <div className={styles.columns}>
      <section className={styles.input} aria-label="Input">
        <TextField
          bare
          label="Prompt"
          rows={4}
          value={prompt}
          placeholder={
            unit === 'character' ? 'The beginning of a text' : 'The first words of a text'
          }
          onChange={setPrompt}
        />
        <div className={styles.settings}>
          <NumberField
            label="Length"
            description={`How many ${unit}s to write.`}
            value={length}
            integer
            min={1}
            max={longest}
            step={10}
            validate={(value) =>
              value === null || value < 1 || value > longest || !Number.isInteger(value)
                ? `A whole number from 1 to ${longest}.`
                : null
            }
            onChange={(value) => setLength(value ?? 1)}
          />
          <NumberField
            label="Temperature"
            description="0 always takes the most probable token; 1 samples as the network believes; above, it gets wilder."
            value={temperature}
            min={0}
            max={10}
            step={0.05}
            slider={{ min: 0, max: 2, step: 0.05 }}
            validate={(value) =>
              value === null || value < 0 || value > 10 ? 'A number from 0 to 10.' : null
            }
            onChange={(value) => setTemperature(value ?? 0)}
          />
          <NumberField
            label="Seed"
            description="The same seed writes the same text."
            value={seed}
            integer
            min={0}
            disabled={temperature === 0}
            validate={(value) =>
              value === null || value < 0 || !Number.isInteger(value)
                ? 'A whole number from 0.'
                : null
            }
            onChange={(value) => setSeed(value ?? 0)}
          />
        </div>
        <Button
          variant="primary"
          icon={<Icon name="run" />}
          disabled={prompt === '' || generated.phase === 'busy'}
          onClick={generate}
        >
          {generated.phase === 'busy' ? 'Writing…' : 'Generate'}
        </Button>
        <div aria-live="polite">
          {generated.phase === 'failed' && <ErrorNotice error={generated.error} />}
          {generated.phase === 'done' && (
            <p className={styles.generated}>
              <b>{generated.prompt}</b>
              {unit === 'word' && ' '}
              {generated.text}
            </p>
          )}
        </div>
      </section>
      <section className={styles.output} aria-label="Next token" aria-busy={next.busy}>
        {next.error !== null && <ErrorNotice error={next.error} />}
        {answer !== null && prompt !== '' ? (
          <div data-stale={next.busy || undefined}>
            <h4>Next {unit}</h4>
            <Bars label={`Probability of the next ${unit}`} ranked={answer.next} tokens />
            <h4>
              Tokens as seen <span>the last {recipe.window} at most</span>
            </h4>
            <TokenStrip tokens={answer.tokens} />
          </div>
        ) : (
          next.error === null && (
            <p className={styles.note}>What may come next appears as you type.</p>
          )
        )}
      </section>
    </div>
  );
}

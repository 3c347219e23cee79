import { useEffect, useRef, useState } from 'react';
import type { NextTokenRecipe } from '#shared/data/recipe';
import { formatCount, formatTime } from '#shared/format';
import { Button, ErrorNotice, Icon, TextField } from '../ui/index.js';
import { AskedError } from '../AskedError.js';
import { AttentionMaps } from './AttentionMaps.js';
import { Foreseen } from './Foreseen.js';
import { NextTokenBars } from './NextTokens.js';
import styles from './playground.module.css';
import { SamplingFields, usualSettings } from './SamplingFields.js';
import { useProjectText } from './texts.js';
import { TokenStrip } from './TokenStrip.js';
import { useGeneration, type Generation } from './useGeneration.js';
import { asRequest, usePrediction } from './usePrediction.js';

/** A prompt, what may come next, and text that the network writes on from it. */
export function NextTokenPlayground({
  runId,
  projectId,
  recipe,
  nameOf,
}: {
  runId: string;
  projectId: string;
  recipe: NextTokenRecipe;
  /** Names of the blocks. */
  nameOf: (node: string) => string;
}) {
  const [prompt, setPrompt] = useProjectText(projectId);
  const [settings, setSettings] = useState(usualSettings);
  const { generation, start, stop, clear } = useGeneration(runId);
  const writing = generation.phase === 'writing';
  const written = textOf(generation);
  const text = prompt + written;
  // While it writes, each step brings what its newest token was drawn from.
  const now = usePrediction(
    runId,
    writing || text === ''
      ? null
      : { ...asRequest({ kind: 'text', text }), ...settings, length: 0 },
  );
  const answer = now.answer?.kind === 'next-token' ? now.answer : null;
  const next = writing ? generation.step?.next : answer?.next;
  const unit = recipe.tokenizer.unit;

  const edit = (changed: string): void => {
    setPrompt(changed);
    clear();
  };
  return (
    <div className={styles.columns}>
      <section className={styles.input} aria-label="Input">
        <TextField
          bare
          label="Prompt"
          rows={4}
          value={prompt}
          disabled={writing}
          placeholder={
            unit === 'character' ? 'The beginning of a text' : 'The first words of a text'
          }
          onChange={edit}
        />
        <div className={styles.settings}>
          <SamplingFields settings={settings} unit={unit} onChange={setSettings} />
        </div>
        <div className={styles.actions}>
          {writing ? (
            <Button variant="primary" icon={<Icon name="stop" />} onClick={stop}>
              Stop
            </Button>
          ) : (
            <Button
              variant="primary"
              icon={<Icon name="run" />}
              disabled={prompt === ''}
              onClick={() => start({ text: prompt, ...settings })}
            >
              Generate
            </Button>
          )}
          <Button
            disabled={writing || written === ''}
            tooltip="The prompt becomes the whole text, so that the next one goes on from its end."
            onClick={() => edit(text)}
          >
            Keep as prompt
          </Button>
        </div>
        {generation.phase === 'failed' && <ErrorNotice error={generation.error} />}
      </section>
      <section className={styles.output} aria-label="Text" aria-busy={now.busy || writing}>
        <AskedError asked={now} />
        {text === '' ? (
          <p className={styles.note}>What may come next appears as you type.</p>
        ) : (
          <div>
            <Written prompt={prompt} written={written} writing={writing} />
            <Speed generation={generation} unit={unit} />
            {next !== undefined && (
              <div data-stale={(!writing && now.busy) || undefined}>
                <h4>
                  {writing ? `Where the newest ${unit} came from` : `Next ${unit}`}
                  <span>bar: the network; mark: drawn at these settings</span>
                </h4>
                <NextTokenBars
                  label={`Probability of the next ${unit}`}
                  next={next}
                  onChoose={
                    writing
                      ? null
                      : (token) => edit(unit === 'word' ? joined(text, token) : text + token)
                  }
                />
              </div>
            )}
            {!writing && answer !== null && (
              <>
                <h4>
                  Tokens as seen
                  <span>
                    {answer.foreseen !== null && 'height: the probability that each one had; '}
                    the last {recipe.window} at most
                  </span>
                </h4>
                {answer.foreseen === null ? (
                  <TokenStrip tokens={answer.tokens} />
                ) : (
                  <Foreseen tokens={answer.tokens} foreseen={answer.foreseen} />
                )}
                <AttentionMaps maps={answer.attention} tokens={answer.tokens} nameOf={nameOf} />
              </>
            )}
          </div>
        )}
      </section>
    </div>
  );
}

const joined = (text: string, word: string): string =>
  text === '' || /\s$/.test(text) ? text + word : `${text} ${word}`;

function textOf(generation: Generation): string {
  if (generation.phase === 'writing') return generation.step?.text ?? '';
  return generation.phase === 'written' ? generation.result.text : '';
}

/** The prompt and what was written behind it, with the newest in view. */
function Written({
  prompt,
  written,
  writing,
}: {
  prompt: string;
  written: string;
  writing: boolean;
}) {
  const element = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    element.current?.scrollTo({ top: element.current.scrollHeight });
  }, [written]);
  return (
    <p
      ref={element}
      className={styles.generated}
      role="log"
      aria-label="Prompt and generated text"
      // Read out when it is whole, not with every token.
      aria-live={writing ? 'off' : 'polite'}
      tabIndex={0}
    >
      <b>{prompt}</b>
      {written}
      {writing && <i className={styles.caret} aria-hidden="true" />}
    </p>
  );
}

function Speed({ generation, unit }: { generation: Generation; unit: string }) {
  const progress =
    generation.phase === 'written'
      ? generation.result
      : generation.phase === 'writing'
        ? generation.step
        : null;
  if (progress === null || progress.tokens === 0) return null;
  const each = progress.milliseconds / progress.tokens / 1000;
  const stopped = 'stopped' in progress && progress.stopped ? ', stopped' : '';
  return (
    <p className={styles.note}>
      {formatCount(progress.tokens)} {unit}s, {formatTime(each)} each (
      {formatCount(Math.round(1 / each))} a second){stopped}
    </p>
  );
}

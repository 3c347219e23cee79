import type { Sampling } from '#shared/run/prediction';
import { NumberField } from '../ui/index.js';

/** How many tokens at most one writing has. */
const longest = 10_000;

export interface WritingSettings extends Sampling {
  length: number;
}

export const usualSettings: WritingSettings = {
  length: 200,
  temperature: 0.8,
  topK: null,
  topP: 1,
  seed: 1,
};

/** How a text is written on. What has no effect at temperature 0 is off there. */
export function SamplingFields({
  settings,
  unit,
  onChange,
}: {
  settings: WritingSettings;
  unit: string;
  onChange: (settings: WritingSettings) => void;
}) {
  const { length, temperature, topK, topP, seed } = settings;
  const set = (change: Partial<WritingSettings>): void => onChange({ ...settings, ...change });
  const isGreedy = temperature === 0;
  return (
    <>
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
        onChange={(value) => set({ length: value ?? 1 })}
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
        onChange={(value) => set({ temperature: value ?? 0 })}
      />
      <NumberField
        label="Top k"
        description="Draws only from the k most probable tokens. Empty: from all."
        value={topK}
        nullLabel="all"
        integer
        min={1}
        disabled={isGreedy}
        validate={(value) =>
          value !== null && (value < 1 || !Number.isInteger(value))
            ? 'A whole number from 1, or nothing.'
            : null
        }
        onChange={(value) => set({ topK: value })}
      />
      <NumberField
        label="Top p"
        description="Draws only from the most probable tokens that together reach this probability (nucleus sampling). 1: from all."
        value={topP}
        min={0.05}
        max={1}
        step={0.05}
        slider
        disabled={isGreedy}
        validate={(value) =>
          value === null || value <= 0 || value > 1 ? 'A number above 0, up to 1.' : null
        }
        onChange={(value) => set({ topP: value ?? 1 })}
      />
      <NumberField
        label="Seed"
        description="The same seed writes the same text."
        value={seed}
        integer
        min={0}
        disabled={isGreedy}
        validate={(value) =>
          value === null || value < 0 || !Number.isInteger(value) ? 'A whole number from 0.' : null
        }
        onChange={(value) => set({ seed: value ?? 0 })}
      />
    </>
  );
}

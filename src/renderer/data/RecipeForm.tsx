import type { ReactNode } from 'react';
import {
  splitSchema,
  tokenizerSchema,
  type ClassificationRecipe,
  type DataRecipe,
  type ForecastRecipe,
  type NextTokenRecipe,
  type SplitRecipe,
  type TaggingRecipe,
} from '#shared/data/recipe';
import {
  MultiSelect,
  NumberField,
  Panel,
  SchemaForm,
  SegmentedField,
  Select,
  SwitchField,
  type Choice,
} from '../ui/index.js';
import { useRecipeEdit } from './recipeContext.js';
import { recipeMessage } from './recipeEdit.js';

const label = 'Change the data recipe';
type Change = (data: DataRecipe, merge?: string) => void;

/** A wrong value stays in its field, with the message; it does not get into the recipe. */
function useChange(): Change {
  const { setRecipe } = useRecipeEdit();
  return (data, merge) => {
    if (recipeMessage(data) === null) setRecipe(data, label, merge);
  };
}

const choicesOf = (columns: readonly string[], used: readonly string[]): Choice<string>[] =>
  [...new Set([...columns, ...used])].map((name) => ({ value: name, label: name }));

/** How the source becomes batches; `columns` are those of the source. */
export function RecipeForm({
  recipe,
  columns,
}: {
  recipe: DataRecipe;
  columns: readonly string[];
}) {
  const change = useChange();
  let fields: ReactNode;
  switch (recipe.task) {
    case 'next-token':
      fields = <NextTokenFields recipe={recipe} />;
      break;
    case 'classification':
    case 'tagging':
      fields = <TextFields recipe={recipe} columns={columns} />;
      break;
    case 'forecast':
      fields = <ForecastFields recipe={recipe} columns={columns} />;
  }
  return (
    <>
      {fields}
      {recipe.task !== 'forecast' && (
        <Panel title="Tokens">
          <SchemaForm
            schema={tokenizerSchema}
            value={{ ...recipe.tokenizer }}
            keepInvalid={false}
            onChange={(value, gesture) =>
              change({ ...recipe, tokenizer: tokenizerSchema.parse(value) }, gesture)
            }
          />
        </Panel>
      )}
      <SplitFields
        split={recipe.split}
        time={recipe.task === 'forecast' && recipe.timeColumn !== null}
        check={(split) => recipeMessage({ ...recipe, split })}
        onChange={(split, merge) => change({ ...recipe, split }, merge)}
      >
        {'duplicates' in recipe && (
          <Select
            label="Repeats"
            description="Rows with the same text, upper case and white space aside. A network tested on a text that it trained on may know the answer by heart."
            value={recipe.duplicates}
            choices={[
              { value: 'keep', label: 'In any part' },
              { value: 'together', label: 'All in one part' },
              { value: 'drop', label: 'Use the first only' },
            ]}
            onChange={(duplicates) => change({ ...recipe, duplicates })}
          />
        )}
      </SplitFields>
    </>
  );
}

/** A whole number of the recipe, checked by its schema as it is typed. */
function Count({
  title,
  description,
  value,
  nullLabel,
  put,
}: {
  title: string;
  description: string;
  value: number | null;
  nullLabel?: string;
  put: (value: number | null) => DataRecipe;
}) {
  const change = useChange();
  return (
    <NumberField
      label={title}
      description={description}
      value={value}
      integer
      min={1}
      {...(nullLabel === undefined ? {} : { nullLabel })}
      validate={(next) => recipeMessage(put(next))}
      onChange={(next, gesture) => change(put(next), gesture)}
    />
  );
}

function NextTokenFields({ recipe }: { recipe: NextTokenRecipe }) {
  return (
    <Panel title="Windows">
      <Count
        title="Window"
        description="T: tokens the network sees. The targets are the same tokens one step later."
        value={recipe.window}
        put={(window) => ({ ...recipe, window: window ?? 0 })}
      />
      <Count
        title="Stride"
        description="Tokens between the starts of two windows. Smaller gives more, overlapping windows."
        value={recipe.stride}
        put={(stride) => ({ ...recipe, stride: stride ?? 0 })}
      />
      <Count
        title="First tokens"
        description="Use only the beginning of the text. Empty uses all of it."
        value={recipe.limit}
        nullLabel="all"
        put={(limit) => ({ ...recipe, limit })}
      />
    </Panel>
  );
}

function TextFields({
  recipe,
  columns,
}: {
  recipe: ClassificationRecipe | TaggingRecipe;
  columns: readonly string[];
}) {
  const change = useChange();
  const choices = choicesOf(columns, [recipe.textColumn, recipe.labelColumn]);
  return (
    <Panel title="Rows">
      <Select
        label="Text"
        description="The column that the network reads."
        value={recipe.textColumn}
        choices={choices}
        onChange={(textColumn) => change({ ...recipe, textColumn })}
      />
      <Select
        label={recipe.task === 'tagging' ? 'Tags' : 'Label'}
        description={
          recipe.task === 'tagging'
            ? 'The column with one label for each token, separated by spaces.'
            : 'The column that the network learns to predict.'
        }
        error={
          recipe.textColumn === recipe.labelColumn
            ? 'The same column as the text: the network would be given the answer.'
            : null
        }
        value={recipe.labelColumn}
        choices={choices}
        onChange={(labelColumn) => change({ ...recipe, labelColumn })}
      />
      <Count
        title="Longest row"
        description="T: longer rows are cut to this many tokens."
        value={recipe.maximumTimeSteps}
        put={(maximumTimeSteps) => ({ ...recipe, maximumTimeSteps: maximumTimeSteps ?? 0 })}
      />
      {recipe.task === 'classification' && (
        <SegmentedField
          label="Cut"
          description="Which end of a longer row is dropped."
          value={recipe.truncate}
          choices={[
            { value: 'end', label: 'At the end' },
            { value: 'start', label: 'At the start' },
          ]}
          onChange={(truncate) => change({ ...recipe, truncate })}
        />
      )}
    </Panel>
  );
}

const noColumn = '';

function ForecastFields({
  recipe,
  columns,
}: {
  recipe: ForecastRecipe;
  columns: readonly string[];
}) {
  const change = useChange();
  const { timeColumn, inputColumns, targetColumns } = recipe;
  const used = [...inputColumns, ...targetColumns];
  const values = choicesOf(columns, used).filter(({ value }) => value !== timeColumn);
  return (
    <>
      <Panel title="Columns">
        <Select
          label="Time"
          description="Shown on axes and checked to increase. The network does not see it."
          value={timeColumn ?? noColumn}
          choices={[
            { value: noColumn, label: 'None' },
            ...choicesOf(columns, timeColumn === null ? [] : [timeColumn]),
          ]}
          onChange={(name) => change({ ...recipe, timeColumn: name === noColumn ? null : name })}
        />
        {timeColumn !== null && (
          <SwitchField
            label="Sort by time"
            description="Puts the rows in the order of the time column first. A series must go forward in time."
            value={recipe.sortByTime}
            onChange={(sortByTime) => change({ ...recipe, sortByTime })}
          />
        )}
        <MultiSelect
          label="Inputs"
          description="The number columns that the network sees."
          error={inputColumns.length === 0 ? 'At least one column is needed.' : null}
          value={inputColumns}
          choices={values}
          onChange={(next) => change({ ...recipe, inputColumns: next })}
        />
        <MultiSelect
          label="Targets"
          description="The number columns that it predicts. They may be inputs too: their past is known."
          error={targetColumns.length === 0 ? 'At least one column is needed.' : null}
          value={targetColumns}
          choices={values}
          onChange={(next) => change({ ...recipe, targetColumns: next })}
        />
        <Select
          label="Scaling"
          description="Fitted on training rows only, undone for every score that is shown."
          value={recipe.scaler}
          choices={[
            { value: 'standard', label: 'Standard: mean 0, deviation 1' },
            { value: 'minmax', label: 'Min–max: 0 to 1' },
            { value: 'none', label: 'None' },
          ]}
          onChange={(scaler) => change({ ...recipe, scaler })}
        />
      </Panel>
      <Panel title="Windows">
        <Count
          title="Window"
          description="T: rows the network sees."
          value={recipe.window}
          put={(window) => ({ ...recipe, window: window ?? 0 })}
        />
        <Count
          title="Horizon"
          description="Rows ahead that are predicted, all at once."
          value={recipe.horizon}
          put={(horizon) => ({ ...recipe, horizon: horizon ?? 0 })}
        />
        <Count
          title="Stride"
          description="Rows between the starts of two windows."
          value={recipe.stride}
          put={(stride) => ({ ...recipe, stride: stride ?? 0 })}
        />
      </Panel>
    </>
  );
}

function SplitFields({
  split,
  time,
  check,
  onChange,
  children,
}: {
  split: SplitRecipe;
  /** In order means by time. */
  time: boolean;
  check: (split: SplitRecipe) => string | null;
  onChange: (split: SplitRecipe, merge?: string) => void;
  children: ReactNode;
}) {
  const share = (key: 'validation' | 'test') => ({
    value: split[key],
    min: 0,
    max: 0.9,
    step: 0.05,
    slider: { min: 0, max: 0.5, step: 0.05 },
    validate: (next: number | null) => check({ ...split, [key]: next ?? 0 }),
    onChange: (next: number | null, gesture: string) =>
      onChange({ ...split, [key]: next ?? 0 }, gesture),
  });
  const { shape } = splitSchema;
  const train = 1 - split.validation - split.test;
  return (
    <Panel title="Split" aside={`${Math.round(train * 100)} % to train on`}>
      <NumberField
        label="Validation"
        description="Share that is watched during training: it chooses the best epoch."
        {...share('validation')}
      />
      <NumberField
        label="Test"
        description="Share that is looked at once, at the end."
        {...share('test')}
      />
      <Select
        label="Method"
        description="In order keeps time: train on the past, test on the future. Stratified keeps the class balance."
        value={split.method}
        choices={shape.method.unwrap().options.map((value) => ({
          value,
          label:
            time && value === 'in order'
              ? 'By time'
              : value.charAt(0).toUpperCase() + value.slice(1),
        }))}
        onChange={(method) => onChange({ ...split, method })}
      />
      <NumberField
        label="Seed"
        description="The same seed gives the same split, whatever the network."
        value={split.seed}
        integer
        min={0}
        disabled={split.method === 'in order'}
        validate={(seed) => check({ ...split, seed: seed ?? -1 })}
        onChange={(seed, gesture) => onChange({ ...split, seed: seed ?? 0 }, gesture)}
      />
      {children}
    </Panel>
  );
}

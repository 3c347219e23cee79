/** What the network says of a series: the rows that follow. */
import { logitsOf } from './logits.js';

export async function predict(network, input) {
  const { preprocessor } = network;
  const output = await logitsOf(network, preprocessor.batch([preprocessor.encode(input)]));
  const columns = preprocessor.preprocessing.recipe.targetColumns;
  return { columns, rows: preprocessor.unscale(output) };
}

/** Only a next-token network generates. */
export const generate = null;

/** A line for each time step, its numbers separated by commas. */
export const inputOf = (text) => ({
  rows: text
    .trim()
    .split('\n')
    .map((line) => line.split(',').map(Number)),
});

export const describe = ({ columns, rows }) =>
  [
    ['step', ...columns].join('\t'),
    ...rows.map((row, step) =>
      [`+${step + 1}`, ...row.map((value) => value.toPrecision(6))].join('\t'),
    ),
  ].join('\n');

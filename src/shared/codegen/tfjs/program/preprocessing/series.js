/** Series as the network was trained on them. What was learned from the training rows is in preprocessing.json. */

/** Recorded rows as the network reads them. @param recorded by name, row major. */
export function recordedInput(recorded) {
  const { shape, values } = recorded('features');
  const [rows, steps, features] = shape;
  return { shape: [rows, steps, features], values: Float32Array.from(values) };
}

/** One row of a batch. */
export const rowOf = ({ shape, values }, row) =>
  values.slice(row * shape[1] * shape[2], (row + 1) * shape[1] * shape[2]);

export class Preprocessor {
  preprocessing;
  inputs;
  targets;

  constructor(preprocessing) {
    this.preprocessing = preprocessing;
    const { recipe, scaler } = preprocessing;
    const scalerOf = (name) => {
      const column = scaler.columns.find((one) => one.name === name);
      if (column === undefined) throw new Error(`preprocessing.json does not scale "${name}".`);
      return column;
    };
    this.inputs = recipe.inputColumns.map(scalerOf);
    this.targets = recipe.targetColumns.map(scalerOf);
  }

  /**
   * The last window of a series, scaled: [window · F].
   * @throws Error where it is shorter than the window, or a row is not one number for each column.
   */
  encode({ rows }) {
    const { window } = this.preprocessing.recipe;
    if (rows.length < window)
      throw new Error(`There are ${rows.length} rows; the network looks at ${window}.`);
    const values = rows.slice(-window).flatMap((row, i) => {
      if (row.length !== this.inputs.length || !row.every(Number.isFinite))
        throw new Error(`Row ${i + 1} is not ${this.inputs.length} numbers: ${row.join(', ')}.`);
      return row.map((value, column) => {
        const { offset, scale } = this.inputs[column];
        return (value - offset) / scale;
      });
    });
    return Float32Array.from(values);
  }

  batch(rows) {
    const features = this.inputs.length;
    const steps = rows[0].length / features;
    const values = new Float32Array(rows.length * steps * features);
    rows.forEach((row, i) => values.set(row, i * row.length));
    return { shape: [rows.length, steps, features], values };
  }

  /** Network output [horizon · targets] → [horizon][target] in the targets' own units. */
  unscale(output) {
    const { targets } = this;
    return Array.from({ length: output.length / targets.length }, (_, step) =>
      targets.map(({ offset, scale }, i) => output[step * targets.length + i] * scale + offset),
    );
  }
}

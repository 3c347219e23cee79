/** What training reads: examples by number, as batches. */

export interface Dataset<B> {
  /** Number of examples. */
  size: number;
  /** Real time steps of each example. */
  lengths: Int32Array;
  batch(examples: readonly number[]): B;
}

export interface Parts<B> {
  train: Dataset<B>;
  validation: Dataset<B>;
  test: Dataset<B>;
}

/** The same for each part. */
export async function partsOf<B>(
  readPart: (name: 'train' | 'validation' | 'test') => Promise<Dataset<B>>,
): Promise<Parts<B>> {
  return {
    train: await readPart('train'),
    validation: await readPart('validation'),
    test: await readPart('test'),
  };
}

/** Learning rates over time. */

export interface Position {
  /** 0-based, of `totalSteps`. */
  step: number;
  totalSteps: number;
  /** 0-based. */
  epoch: number;
}

export interface Schedule {
  learningRate(position: Position): number;
  /** Told after each epoch. @param loss of the validation part, or of training where there is none. */
  afterEpoch?(loss: number): void;
}

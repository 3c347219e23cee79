/** Time and speed of a run: seconds without pauses, throughput, and what is left. */

/** Weight of the newest batch in the moving average: about the last 20 batches count. */
const newest = 0.05;

export class Pace {
  private started = performance.now();
  private pausedAt: number | null = null;
  private examples = 0;
  private tokens = 0;
  private seconds = 0;
  /** Sum of the weights, so that the first batches are not averaged with zeros. */
  private weight = 0;
  private evaluation = 0;

  /** @param before seconds of the run before it was resumed. */
  constructor(private readonly before: number) {}

  /** Seconds of training so far, pauses not counted. */
  get elapsed(): number {
    return this.before + ((this.pausedAt ?? performance.now()) - this.started) / 1000;
  }

  pause(): void {
    this.pausedAt ??= performance.now();
  }

  continue(): void {
    if (this.pausedAt !== null) this.started += performance.now() - this.pausedAt;
    this.pausedAt = null;
  }

  batch(examples: number, tokens: number, seconds: number): void {
    const average = (old: number, value: number): number => old + newest * (value - old);
    this.examples = average(this.examples, examples);
    this.tokens = average(this.tokens, tokens);
    this.seconds = average(this.seconds, seconds);
    this.weight = average(this.weight, 1);
  }

  /** Seconds that the last evaluation took. */
  evaluated(seconds: number): void {
    this.evaluation = seconds;
  }

  get examplesPerSecond(): number {
    return this.examples / this.seconds;
  }

  get tokensPerSecond(): number {
    return this.tokens / this.seconds;
  }

  /** Of the last steps; null before the first one. */
  get secondsPerStep(): number | null {
    return this.weight === 0 ? null : this.seconds / this.weight;
  }

  remaining(batchesLeft: number, evaluationsLeft: number): number {
    return (batchesLeft * this.seconds) / this.weight + evaluationsLeft * this.evaluation;
  }
}

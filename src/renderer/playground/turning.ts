/** How a classifier came to its answer, token by token. */
import type { Prefixes } from '#shared/run/prediction';

export interface Turn {
  /** Of the token, from 0. */
  index: number;
  /** The class whose probability it moved most, as an index of the labels. */
  label: number;
  before: number;
  after: number;
  /** Whether another class was the answer before it. */
  turned: boolean;
}

export const answerOf = (probabilities: readonly number[]): number =>
  probabilities.reduce((best, p, i) => (p > (probabilities[best] ?? -1) ? i : best), 0);

/**
 * The token that changed the answer most: by the probability that it moved from class to class. The first
 * token is none: before it there is no answer. Null for a text of one token.
 */
export function turningToken({ probabilities }: Pick<Prefixes, 'probabilities'>): Turn | null {
  let most = 0;
  let turn: Turn | null = null;
  for (const [index, after] of probabilities.entries()) {
    const before = probabilities[index - 1];
    if (before === undefined) continue;
    const gains = after.map((p, i) => p - (before[i] ?? 0));
    const moved = gains.reduce((sum, gain) => sum + Math.abs(gain), 0) / 2;
    if (moved <= most) continue;
    most = moved;
    const final = answerOf(probabilities.at(-1) ?? []);
    // In words one class is enough: the one that moved most, and of two the one that is the answer now.
    const size = (i: number): number => Math.abs(gains[i] ?? 0);
    const label = gains.reduce((best, _, i) => (size(i) > size(best) + 1e-9 ? i : best), final);
    turn = {
      index,
      label,
      before: before[label] ?? 0,
      after: after[label] ?? 0,
      turned: answerOf(before) !== answerOf(after),
    };
  }
  return turn;
}

/** The number of tokens after which the answer is the final one and stays it. */
export function settledAfter({ probabilities }: Pick<Prefixes, 'probabilities'>): number {
  const final = answerOf(probabilities.at(-1) ?? []);
  const last = probabilities.findLastIndex((one) => answerOf(one) !== final);
  return last + 2;
}

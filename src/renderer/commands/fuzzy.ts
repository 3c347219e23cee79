/** How well a query fits a text, for lists that are searched while one types. */

const isWordStart = (text: string, at: number): boolean =>
  at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1] ?? '');

/** Where the letter comes next: right after the last one, else where a word starts with it, else anywhere. */
function nextPlace(text: string, letter: string, after: number): number {
  const nearest = text.indexOf(letter, after + 1);
  if (nearest < 0 || nearest === after + 1) return nearest;
  let at = nearest;
  while (at >= 0 && !isWordStart(text, at)) at = text.indexOf(letter, at + 1);
  return at < 0 ? nearest : at;
}

/** Whether a word of the text starts with these letters; one or two of them say nothing. */
function startsWord(text: string, word: string): boolean {
  if (word.length < 3) return false;
  let at = text.indexOf(word);
  while (at >= 0 && !isWordStart(text, at)) at = text.indexOf(word, at + 1);
  return at >= 0;
}

/** Points of one word of a query; 0 where its letters are not all there in this order. */
function wordScore(text: string, word: string): number {
  const inside = text.indexOf(word);
  if (inside === 0) return 100 + word.length / text.length;
  if (inside > 0) return isWordStart(text, inside) ? 80 : 50;
  // Letters in order: those that start a word, or follow the letter before, are worth more.
  let at = -1;
  let points = 0;
  for (const letter of word) {
    const next = nextPlace(text, letter, at);
    if (next < 0) return 0;
    points += isWordStart(text, next) ? 3 : next === at + 1 ? 2 : 0;
    at = next;
  }
  // A few letters that are strewn over a long text mean nothing.
  return points < word.length * 2 ? 0 : Math.min(40, (20 * points) / (3 * word.length));
}

/**
 * Points, 0 where the query does not fit: every word of it must be found in the title or the keywords.
 * A word that starts the title counts most, then one that starts a word, then one inside, then initials.
 */
export function fuzzyScore(query: string, title: string, keywords = ''): number {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  let sum = 0;
  for (const word of words) {
    const points = Math.max(
      wordScore(title.toLowerCase(), word),
      startsWord(keywords.toLowerCase(), word) ? 30 : 0,
    );
    if (points === 0) return 0;
    sum += points;
  }
  return words.length === 0 ? 1 : sum / words.length;
}

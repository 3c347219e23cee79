/** Equations as tokens that know what they stand for. */
import type { Term } from '#shared/catalog/define';

export interface Token {
  text: string;
  /** Sub- and superscripts, in order. */
  marks: { kind: 'sub' | 'sup'; text: string }[];
  /** Function names stay upright, as in print; letters are in italics. */
  style: 'italic' | 'upright' | 'plain';
  term: Term | null;
}

const upright =
  /^(tanh|softmax|sigmoid|relu|gelu|max|mean|sum|exp|log|if|else|sqrt|dropout|[A-Z]{2,}′?)$/;
const pattern = /([A-Za-zα-ω]+[′ˡ⁻¹]*)((?:[_^](?:\{[^}]*\}|\S))*)|(⊙)|([^A-Za-zα-ω⊙]+)/g;
const markPattern = /([_^])(?:\{([^}]*)\}|(\S))/g;

/** `W_i` is explained by `W`, `b′_g` by `b′`, `h′_t` by `h`. */
export function tokens(formula: string, terms: readonly Term[]): Token[] {
  const termOf = (symbol: string): Term | null =>
    terms.find((term) => term.symbol === symbol) ??
    terms.find((term) => term.symbol === symbol.replace(/[′ˡ⁻¹]+$/, '')) ??
    null;
  return [...formula.matchAll(pattern)].map(([, word, marks = '', sign, rest = '']): Token => {
    if (word === undefined)
      return {
        text: sign ?? rest,
        marks: [],
        style: 'plain',
        term: sign === undefined ? null : termOf(sign),
      };
    return {
      text: word,
      marks: [...marks.matchAll(markPattern)].map(([, mark, group, single = '']) => ({
        kind: mark === '_' ? 'sub' : 'sup',
        text: group ?? single,
      })),
      style: upright.test(word) || word === 'σ' ? 'upright' : 'italic',
      term: termOf(word),
    };
  });
}

const raised: Readonly<Record<string, string>> = Object.fromEntries(
  [...'0123456789×'].map((digit, i) => [digit, [...'⁰¹²³⁴⁵⁶⁷⁸⁹ˣ'][i] ?? digit]),
);

/** `ℝ^{64×512}` → `ℝ⁶⁴ˣ⁵¹²`; sizes that are not known stay as they are: `ℝ^(?×512)`. */
export const plainShape = (shape: string): string =>
  shape.replace(/\^\{([^}]*)\}/g, (_, sizes: string) =>
    /^[\d×]+$/.test(sizes)
      ? [...sizes].map((sign) => raised[sign] ?? sign).join('')
      : `^(${sizes})`,
  );

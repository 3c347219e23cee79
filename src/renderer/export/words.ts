/** What verification found, in words. Pure. */
import type { Verification } from '#shared/run/exported';

const superscripts: Readonly<Record<string, string>> = {
  '-': '⁻',
  '0': '⁰',
  '1': '¹',
  '2': '²',
  '3': '³',
  '4': '⁴',
  '5': '⁵',
  '6': '⁶',
  '7': '⁷',
  '8': '⁸',
  '9': '⁹',
};

/** `3·10⁻⁷`, `10⁻⁵`, `0`: one digit is all that a difference needs. */
export function formatDifference(value: number): string {
  if (value === 0) return '0';
  const [digits = '', exponent = ''] = value.toExponential(0).split('e');
  const power = exponent
    .replace('+', '')
    .split('')
    .map((character) => superscripts[character] ?? character)
    .join('');
  return digits === '1' ? `10${power}` : `${digits}·10${power}`;
}

const frameworks: readonly [RegExp, string][] = [
  [/^torch\b/i, 'PyTorch'],
  [/^keras\b/i, 'Keras'],
  [/^onnxruntime(-node|-web)?\b/i, 'ONNX Runtime'],
  [/^(@tensorflow\/)?tfjs(-\w+)?\b/i, 'TensorFlow.js'],
];

/** `torch 2.3.0` → `PyTorch 2.3.0`. */
export function frameworkName(framework: string): string {
  const known = frameworks.find(([pattern]) => pattern.test(framework));
  return known === undefined ? framework : framework.replace(known[0], known[1]);
}

const rowsText = (rows: number): string => (rows === 1 ? '1 row' : `${rows} rows`);

export interface Verdict {
  tone: 'passed' | 'failed' | 'not-run';
  title: string;
  /** Sentences. */
  details: string[];
}

export function verdictOf(verification: Verification): Verdict {
  if (verification.state === 'not-run') {
    const titles = {
      'not-asked': 'Not verified',
      'nothing-to-verify': 'Nothing to verify',
      'framework-missing': 'Not verified yet',
      broke: 'The verification broke',
    };
    return {
      tone: verification.reason === 'broke' ? 'failed' : 'not-run',
      title: titles[verification.reason],
      details: [verification.message],
    };
  }
  const { largestDifference, tolerance, rows, preprocessing, generated } = verification;
  const where = frameworkName(verification.framework);
  const over = `over ${rowsText(rows)}`;
  const difference =
    largestDifference === null
      ? `outputs that are not numbers ${over}`
      : largestDifference === 0
        ? `no difference ${over}`
        : `largest difference ${formatDifference(largestDifference)} ${over}`;
  if (verification.state === 'passed')
    return {
      tone: 'passed',
      title: `The same numbers in ${where}: ${difference}.`,
      details: [
        `Relative to the largest output; up to ${formatDifference(tolerance)} is rounding.`,
        ...(generated === true ? ['It writes the same text, token by token.'] : []),
      ],
    };
  const details: string[] = [];
  if (largestDifference === null || largestDifference > tolerance)
    details.push(`Up to ${formatDifference(tolerance)} of the largest output would be rounding.`);
  if (!preprocessing) details.push('Its preprocessing makes other inputs of the recorded rows.');
  if (generated === false) details.push('It writes another text.');
  return { tone: 'failed', title: `Not the same in ${where}: ${difference}.`, details };
}

/** What is wrong with a file, in words, with lines and with another way to read it where that helps. */
import type { FileLook, FileProblem, Reading } from '#shared/data/look';
import { grouped, plural } from '../report.js';

const namedLines = 5;

/** How often something was seen, and the lines of the first few. */
export class Spots {
  count = 0;
  readonly lines: number[] = [];
  add(line: number): void {
    this.count++;
    if (this.lines.length < namedLines && this.lines.at(-1) !== line) this.lines.push(line);
  }
}

export interface Findings {
  ragged: Spots;
  unreadable: Spots;
  notJson: Spots;
  unclosedQuote: boolean;
  columns: FileLook['columns'];
  repeatedNames: string[];
}

export function findProblems(findings: Findings, reading: Reading): FileProblem[] {
  const { ragged, unreadable, notJson, unclosedQuote, repeatedNames } = findings;
  const problems: FileProblem[] = [];
  if (unreadable.count > 0)
    problems.push({
      code: 'unreadable-characters',
      message: `${plural(unreadable.count, 'character')} cannot be read as ${encodingTitle(reading)} and would become "\ufffd".`,
      lines: unreadable.lines,
      fix:
        reading.encoding === 'windows-1252'
          ? null
          : {
              label: 'Read as Latin-1',
              reading: { ...reading, encoding: 'windows-1252' },
            },
    });
  if (unclosedQuote)
    problems.push({
      code: 'unclosed-quote',
      message:
        'A quote is opened and never closed: the rows after it are lost in one cell. Quotes may be ordinary characters in this file.',
      lines: [],
      fix: { label: 'Take quotes as text', reading: { ...reading, quote: '' } },
    });
  if (ragged.count > 0) problems.push(raggedProblem(ragged, reading));
  if (notJson.count > 0)
    problems.push({
      code: 'not-json',
      message: `${plural(notJson.count, 'line')} ${notJson.count === 1 ? 'is' : 'are'} no JSON object and will be left out.`,
      lines: notJson.lines,
      fix: null,
    });
  if (repeatedNames.length > 0)
    problems.push({
      code: 'repeated-name',
      message: `The header names ${repeatedNames.map((name) => `"${name}"`).join(', ')} more than once: a number is added.`,
      lines: [1],
      fix: { label: 'The first row is no header', reading: { ...reading, header: false } },
    });
  return problems;
}

function raggedProblem({ count, lines }: Spots, reading: Reading): FileProblem {
  const rows = `${grouped(count)} ${count === 1 ? 'row has' : 'rows have'} more or fewer cells than the first`;
  return reading.ragged === 'leave out'
    ? {
        code: 'ragged-row',
        message: `${rows} and will be left out.`,
        lines,
        fix: {
          label: count === 1 ? 'Keep it' : 'Keep them',
          reading: { ...reading, ragged: 'fit' },
        },
      }
    : {
        code: 'ragged-row',
        message: `${rows}: missing cells become empty, cells too many are cut off.`,
        lines,
        fix: {
          label: count === 1 ? 'Leave it out' : 'Leave them out',
          reading: { ...reading, ragged: 'leave out' },
        },
      };
}

const encodingTitle = ({ encoding }: Reading): string =>
  encoding === 'windows-1252' ? 'Latin-1' : encoding.toUpperCase();

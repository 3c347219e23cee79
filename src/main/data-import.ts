/** A user's data file: put aside while it is looked at, then kept as a copy in the workspace. */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { appendFile, link, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { StudioError } from '#shared/errors';
import type { DataPreview } from '#shared/data/facts';
import type { Input } from '#shared/ipc/channel';
import { importLimitBytes, type StudioContract } from '#shared/ipc/studio';
import type { EngineSupervisor } from './engine-supervisor.js';
import { claimNew, fileError, makeFolder, slug, writeNew } from './files.js';
import type { Workspace } from './workspace.js';

type Rewrite = Input<StudioContract, 'data.keep'>['rewrite'];

export interface Staging {
  /** Appends a piece. @throws StudioError `file-too-large`, `invalid-message`, `import-lost`. */
  add(id: string | null, name: string, base64: string): Promise<{ id: string }>;
  /** @throws StudioError `import-lost`. */
  pathOf(id: string): string;
  keep(id: string, name: string, rewrite: Rewrite): Promise<{ path: string }>;
  /** What a recipe makes of the file as it would be kept. @throws StudioError as `data.preview`. */
  try(request: Input<StudioContract, 'data.try'>): Promise<DataPreview>;
  discard(id: string): Promise<void>;
  /** Drops all that was not kept. */
  close(): Promise<void>;
}

const staleMilliseconds = 24 * 60 * 60 * 1000;

/** Files lie beside where they would be kept, so that keeping one is only a new name for it. */
export async function createStaging(
  workspace: Pick<Workspace, 'folder' | 'data'>,
  engine: Pick<EngineSupervisor, 'request'>,
): Promise<Staging> {
  const incoming = join(workspace.folder, 'incoming');
  await makeFolder(incoming);
  await removeStale(incoming);
  const folder = await mkdtemp(join(incoming, 'import-'));
  const sizes = new Map<string, number>();
  const pathOf = (id: string): string => {
    if (sizes.has(id)) return join(folder, id);
    throw new StudioError(
      'import-lost',
      'The studio has started again since this file was chosen.',
      'Choose it again.',
    );
  };
  const discard = async (id: string): Promise<void> => {
    sizes.delete(id);
    await rm(join(folder, id), { force: true });
  };

  return {
    pathOf,
    discard,
    async add(given, name, base64) {
      const content = decodeBase64(
        name,
        base64,
        'Put it beside the project file and name its path instead.',
      );
      const id = given ?? randomUUID();
      const path = given === null ? join(folder, id) : pathOf(id);
      const size = (sizes.get(id) ?? 0) + content.length;
      if (size > importLimitBytes) {
        await discard(id);
        throw tooLarge(name, size, 'Put it beside the project file and name its path instead.');
      }
      try {
        await (given === null ? writeFile : appendFile)(path, content);
      } catch (error) {
        throw fileError(error, path, 'write');
      }
      sizes.set(id, size);
      return { id };
    },
    async keep(id, name, rewrite) {
      const path = pathOf(id);
      if (rewrite === null) {
        const kept = await keepFile(workspace.data, name, path);
        sizes.delete(id);
        return { path: kept };
      }
      const out = join(folder, `${id}.out`);
      try {
        await engine.request('data.convert', { path, out, ...rewrite });
        const kept = await keepFile(workspace.data, rewrittenName(name, rewrite), out);
        await discard(id);
        return { path: kept };
      } finally {
        await rm(out, { force: true });
      }
    },
    async try({ id, name, rewrite, recipe, batchSize }) {
      const path = pathOf(id);
      // The ending says how a file is read.
      const kept = rewrite === null ? name : rewrittenName(name, rewrite);
      const out = join(folder, `${randomUUID()}${safeName(kept).extension}`);
      try {
        if (rewrite === null) await link(path, out);
        else await engine.request('data.convert', { path, out, ...rewrite });
        const preview = await engine.request('data.preview', {
          recipe: { ...recipe, source: { kind: 'file', path: out } },
          baseFolder: null,
          batchSize,
        });
        return { ...preview, source: { ...preview.source, title: name } };
      } finally {
        await rm(out, { force: true });
      }
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

function rewrittenName(name: string, { reading }: NonNullable<Rewrite>): string {
  const plain = name.replace(/\.gz$/i, '');
  return `${basename(plain, extname(plain))}${reading.format === 'text' ? '.txt' : '.csv'}`;
}

/** What a studio that crashed left behind. Another one may be running on the same workspace. */
async function removeStale(incoming: string): Promise<void> {
  for (const name of await readdir(incoming)) {
    const path = join(incoming, name);
    const found = await stat(path).catch(() => null);
    if (found !== null && Date.now() - found.mtimeMs > staleMilliseconds)
      await rm(path, { recursive: true, force: true });
  }
}

/** @param hint what else can be done with a file that is too large. */
const tooLarge = (name: string, bytes: number, hint: string): StudioError =>
  new StudioError(
    'file-too-large',
    `"${name}" has ${Math.round(bytes / 1024 ** 2)} MB; at most ${importLimitBytes / 1024 ** 2} MB can be imported through the window.`,
    hint,
    { file: name },
  );

/**
 * A file, or a piece of one, as a window sends it.
 * @throws StudioError `file-too-large` with this hint, `invalid-message`.
 */
export function decodeBase64(name: string, base64: string, hint: string): Buffer {
  const bytes = Math.floor((base64.length * 3) / 4);
  if (bytes > importLimitBytes + 2) throw tooLarge(name, bytes, hint);
  const content = Buffer.from(base64, 'base64');
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  if (content.length !== (base64.length / 4) * 3 - padding)
    throw new StudioError('invalid-message', `The content of "${name}" is not base64.`);
  return content;
}

function safeName(name: string): { stem: string; extension: string } {
  // Only its last part counts, whichever system's separators it has.
  const file = name.split(/[/\\]/).pop() ?? '';
  const extension = /^\.[a-z0-9]{1,8}$/i.exec(extname(file))?.[0].toLowerCase() ?? '.txt';
  return { stem: slug(file.slice(0, file.length - extname(file).length), 'data'), extension };
}

/** Writes the content under a safe name like this one that is free, and returns its path. */
export function keepData(folder: string, file: string, content: Uint8Array): Promise<string> {
  const { stem, extension } = safeName(file);
  return writeNew(folder, stem, extension, Buffer.from(content));
}

/** Moves the file under a safe name like this one, unless the same content has such a name already. */
async function keepFile(folder: string, name: string, path: string): Promise<string> {
  const { stem, extension } = safeName(name);
  const digest = await digestOf(path);
  const { size } = await stat(path);
  const target = await claimNew(folder, stem, extension, async (taken) => {
    const found = await stat(taken);
    return found.size === size && (await digestOf(taken)) === digest;
  });
  if (!target.claimed) {
    await rm(path, { force: true });
    return target.path;
  }
  try {
    await rename(path, target.path);
    return target.path;
  } catch (error) {
    await rm(target.path, { force: true });
    throw fileError(error, target.path, 'write');
  }
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Named arrays in one file, read by every subject: `<path>.json` says where each lies in `<path>.bin`. */
import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';

export type Arrays = Record<string, Float32Array | Int32Array>;

const indexSchema = z.array(
  z.object({
    name: z.string(),
    type: z.enum(['f32', 'i32']),
    /** In elements of four bytes. */
    offset: z.number(),
    length: z.number(),
  }),
);

export async function writeArrays(path: string, arrays: Arrays): Promise<void> {
  const entries = Object.entries(arrays);
  const total = entries.reduce((sum, [, array]) => sum + array.length, 0);
  const bytes = new Uint8Array(total * 4);
  const index: z.infer<typeof indexSchema> = [];
  let offset = 0;
  for (const [name, array] of entries) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset * 4);
    const type = array instanceof Int32Array ? 'i32' : 'f32';
    index.push({ name, type, offset, length: array.length });
    offset += array.length;
  }
  await writeFile(`${path}.bin`, bytes);
  await writeFile(`${path}.json`, JSON.stringify(index));
}

export async function readArrays(path: string): Promise<Arrays> {
  const index = indexSchema.parse(JSON.parse(await readFile(`${path}.json`, 'utf8')));
  const { buffer } = Uint8Array.from(await readFile(`${path}.bin`));
  return Object.fromEntries(
    index.map(({ name, type, offset, length }) => [
      name,
      type === 'i32'
        ? new Int32Array(buffer, offset * 4, length)
        : new Float32Array(buffer, offset * 4, length),
    ]),
  );
}

export function floats(arrays: Arrays, name: string): Float32Array {
  const array = arrays[name];
  if (!(array instanceof Float32Array)) throw new Error(`no float32 array "${name}"`);
  return array;
}

export function integers(arrays: Arrays, name: string): Int32Array {
  const array = arrays[name];
  if (!(array instanceof Int32Array)) throw new Error(`no int32 array "${name}"`);
  return array;
}

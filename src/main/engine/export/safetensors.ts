/**
 * safetensors (https://github.com/huggingface/safetensors, "Format"): a length, a JSON header, then the
 * tensors' bytes, little endian and row major, one after another.
 */
import { z } from 'zod';

const codes = { F32: Float32Array, I32: Int32Array } as const;
type Code = keyof typeof codes;

export interface Tensor {
  shape: readonly number[];
  values: Float32Array | Int32Array;
}

const entrySchema = z.object({
  dtype: z.enum(['F32', 'I32']),
  shape: z.array(z.number().int().min(0)),
  data_offsets: z.tuple([z.number().int().min(0), z.number().int().min(0)]),
});
const headerSchema = z.record(z.string(), z.unknown());

const bytesPerValue = 4;
/** The header's length as a 64-bit integer. */
const lengthBytes = 8;

const sizeOf = (shape: readonly number[]): number => shape.reduce((size, n) => size * n, 1);

/** @throws Error where a tensor's values are not as many as its shape says, or two have one name. */
export function encodeSafetensors(tensors: Iterable<readonly [string, Tensor]>): Uint8Array {
  const header: Record<string, z.infer<typeof entrySchema>> = {};
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const [name, { shape, values }] of tensors) {
    if (values.length !== sizeOf(shape))
      throw new Error(`${name}: ${values.length} values for the shape [${shape.join(', ')}]`);
    if (name in header) throw new Error(`two tensors are called ${name}`);
    const dtype: Code = values instanceof Float32Array ? 'F32' : 'I32';
    const end = offset + values.byteLength;
    header[name] = { dtype, shape: [...shape], data_offsets: [offset, end] };
    parts.push(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    offset = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  // Spaces after the JSON keep the tensors aligned to 8 bytes.
  const headerSize = Math.ceil(json.length / lengthBytes) * lengthBytes;
  const file = new Uint8Array(lengthBytes + headerSize + offset).fill(0x20, 0, 8 + headerSize);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerSize), true);
  file.set(json, lengthBytes);
  let at = lengthBytes + headerSize;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

/** @throws Error where the bytes are no safetensors file of float32 and int32 tensors. */
export function decodeSafetensors(bytes: Uint8Array): Map<string, Tensor> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = lengthBytes + Number(view.getBigUint64(0, true));
  const json: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(lengthBytes, start)));
  const tensors = new Map<string, Tensor>();
  for (const [name, value] of Object.entries(headerSchema.parse(json))) {
    if (name === '__metadata__') continue;
    const { dtype, shape, data_offsets } = entrySchema.parse(value);
    const [from, to] = data_offsets;
    // A copy, so that the values are aligned. (A Buffer's `slice` would be a view.)
    const data = new Uint8Array(bytes.subarray(start + from, start + to));
    if (data.length !== sizeOf(shape) * bytesPerValue)
      throw new Error(`${name} has ${data.length} bytes for the shape [${shape.join(', ')}]`);
    tensors.set(name, { shape, values: new codes[dtype](data.buffer) });
  }
  return tensors;
}

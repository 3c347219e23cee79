/**
 * safetensors files (https://github.com/huggingface/safetensors): the length of a JSON header, the header,
 * then the tensors' bytes, little endian and row major.
 */

/** @throws Error for other types than float32 and int32. */
export function readSafetensors(bytes) {
  const start = 8 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, start)));
  const tensors = new Map();
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const { dtype, shape, data_offsets: offsets } = entry;
    // A copy, so that it begins at a multiple of four bytes.
    const { buffer } = new Uint8Array(bytes.subarray(start + offsets[0], start + offsets[1]));
    if (dtype === 'F32') tensors.set(name, { shape, values: new Float32Array(buffer) });
    else if (dtype === 'I32') tensors.set(name, { shape, values: new Int32Array(buffer) });
    else throw new Error(`"${name}" has the type ${dtype}; F32 and I32 can be read.`);
  }
  return tensors;
}

export function writeSafetensors(tensors) {
  const header = {};
  let size = 0;
  for (const [name, { shape, values }] of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [size, size + values.byteLength] };
    size += values.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  // Spaces behind the header keep the tensors at multiples of eight bytes.
  const start = 8 + 8 * Math.ceil(json.length / 8);
  const bytes = new Uint8Array(start + size).fill(0x20, 8, start);
  new DataView(bytes.buffer).setUint32(0, start - 8, true);
  bytes.set(json, 8);
  let offset = start;
  for (const { values } of tensors.values()) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), offset);
    offset += values.byteLength;
  }
  return bytes;
}

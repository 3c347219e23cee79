/** ONNX models as files: `ModelProto` of onnx.proto (https://github.com/onnx/onnx), as far as it is used. */
import protobuf from 'protobufjs/light.js';
import type { OnnxAttribute, OnnxModel, OnnxType, OnnxValue } from '#shared/codegen/onnx/model';
import type { ParameterValues } from '#shared/codegen/types';

type Fields = Record<string, { id: number; type: string; rule?: 'repeated' }>;

const field = (id: number, type: string) => ({ id, type });
const list = (id: number, type: string) => ({ id, type, rule: 'repeated' as const });

const messages: Record<string, Fields> = {
  ModelProto: {
    ir_version: field(1, 'int64'),
    producer_name: field(2, 'string'),
    doc_string: field(6, 'string'),
    graph: field(7, 'GraphProto'),
    opset_import: list(8, 'OperatorSetIdProto'),
    metadata_props: list(14, 'StringStringEntryProto'),
  },
  OperatorSetIdProto: { domain: field(1, 'string'), version: field(2, 'int64') },
  StringStringEntryProto: { key: field(1, 'string'), value: field(2, 'string') },
  GraphProto: {
    node: list(1, 'NodeProto'),
    name: field(2, 'string'),
    initializer: list(5, 'TensorProto'),
    input: list(11, 'ValueInfoProto'),
    output: list(12, 'ValueInfoProto'),
  },
  NodeProto: {
    input: list(1, 'string'),
    output: list(2, 'string'),
    name: field(3, 'string'),
    op_type: field(4, 'string'),
    attribute: list(5, 'AttributeProto'),
    doc_string: field(6, 'string'),
  },
  AttributeProto: {
    name: field(1, 'string'),
    f: field(2, 'float'),
    i: field(3, 'int64'),
    s: field(4, 'bytes'),
    ints: list(8, 'int64'),
    strings: list(9, 'bytes'),
    type: field(20, 'int32'),
  },
  TensorProto: {
    dims: list(1, 'int64'),
    data_type: field(2, 'int32'),
    name: field(8, 'string'),
    raw_data: field(9, 'bytes'),
  },
  ValueInfoProto: { name: field(1, 'string'), type: field(2, 'TypeProto') },
  TypeProto: { tensor_type: field(1, 'TensorType') },
  TensorType: { elem_type: field(1, 'int32'), shape: field(2, 'TensorShapeProto') },
  TensorShapeProto: { dim: list(1, 'Dimension') },
  Dimension: { dim_value: field(1, 'int64'), dim_param: field(2, 'string') },
};

const proto = protobuf.Root.fromJSON({
  nested: Object.fromEntries(Object.entries(messages).map(([name, fields]) => [name, { fields }])),
}).lookupType('ModelProto');

/** `TensorProto.DataType`. */
const dataTypes: Record<OnnxType, number> = { float32: 1, int32: 6, int64: 7, bool: 9 };

export function encodeOnnx(model: OnnxModel, parameters: ParameterValues): Uint8Array {
  const { weights, constants } = model;
  return proto
    .encode({
      ir_version: model.irVersion,
      producer_name: 'Unroll Studio',
      doc_string: model.note,
      opset_import: [{ domain: '', version: model.opset }],
      metadata_props: Object.entries(model.metadata).map(([key, value]) => ({ key, value })),
      graph: {
        name: model.graphName,
        input: model.inputs.map(valueInfo),
        output: model.outputs.map(valueInfo),
        node: model.nodes.map(({ name, op, inputs, outputs, attributes, note }) => ({
          name,
          op_type: op,
          input: inputs,
          output: outputs,
          attribute: Object.entries(attributes).map(([key, value]) => attribute(key, value)),
          doc_string: note,
        })),
        initializer: [
          ...weights.map(({ name, shape, values }) =>
            tensor(name, 'float32', shape, values(parameters)),
          ),
          ...constants.map(({ name, type, shape, values }) => tensor(name, type, shape, values)),
        ],
      },
    })
    .finish();
}

function valueInfo({ name, type, shape }: OnnxValue) {
  const dim = shape.map((size) =>
    typeof size === 'number' ? { dim_value: size } : { dim_param: size },
  );
  return { name, type: { tensor_type: { elem_type: dataTypes[type], shape: { dim } } } };
}

/** With `AttributeProto.AttributeType`. */
function attribute(name: string, { kind, value }: OnnxAttribute) {
  switch (kind) {
    case 'float':
      return { name, type: 1, f: value };
    case 'int':
      return { name, type: 2, i: value };
    case 'string':
      return { name, type: 3, s: Buffer.from(value) };
    case 'ints':
      return { name, type: 7, ints: value };
    case 'strings':
      return { name, type: 8, strings: value.map((text) => Buffer.from(text)) };
  }
}

function tensor(
  name: string,
  type: 'float32' | 'int32' | 'int64',
  shape: readonly number[],
  values: ArrayLike<number>,
) {
  const size = shape.reduce((product, n) => product * n, 1);
  if (values.length !== size)
    throw new Error(`${name}: ${values.length} values, its shape has ${size}`);
  return { name, data_type: dataTypes[type], dims: shape, raw_data: littleEndian(type, values) };
}

function littleEndian(type: 'float32' | 'int32' | 'int64', values: ArrayLike<number>): Uint8Array {
  const typed =
    type === 'float32'
      ? Float32Array.from(values)
      : type === 'int32'
        ? Int32Array.from(values)
        : BigInt64Array.from(Array.from(values, BigInt));
  return new Uint8Array(typed.buffer);
}

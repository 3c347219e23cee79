/** An ONNX model as data: what the engine encodes as a `ModelProto` once the weights are known. */
import type { TargetTensor } from '../types.js';

export type OnnxType = 'float32' | 'int32' | 'int64' | 'bool';

/** A graph's input or output; a word is a dimension that differs from call to call. */
export interface OnnxValue {
  name: string;
  type: OnnxType;
  shape: (number | string)[];
}

export type OnnxAttribute =
  | { kind: 'int'; value: number }
  | { kind: 'ints'; value: number[] }
  | { kind: 'float'; value: number }
  | { kind: 'string'; value: string }
  | { kind: 'strings'; value: string[] };

export interface OnnxNode {
  name: string;
  /** Of the default domain, `ai.onnx`. */
  op: string;
  /** An empty name leaves an optional one out. */
  inputs: string[];
  outputs: string[];
  attributes: Record<string, OnnxAttribute>;
  /** The user's name of the block that it belongs to; empty for what blocks share. */
  note: string;
}

/** A constant that is no weight: an axis, a shape, a scale. */
export interface OnnxConstant {
  name: string;
  type: 'float32' | 'int32' | 'int64';
  /** [] is a scalar. */
  shape: number[];
  values: number[];
}

export interface OnnxModel {
  irVersion: number;
  opset: number;
  graphName: string;
  /** The project's name and description. */
  note: string;
  inputs: OnnxValue[];
  outputs: OnnxValue[];
  /** In an order in which each one's inputs are made before it. */
  nodes: OnnxNode[];
  weights: TargetTensor[];
  constants: OnnxConstant[];
  /** `metadata_props`. */
  metadata: Record<string, string>;
}

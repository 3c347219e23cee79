/**
 * Exports as data: the text of every file and the recipe of every weight file, without touching a disk.
 * A target is a pure function of a program; the engine adds weights, data and recorded outputs and writes
 * the folder, the code panel shows the same text while the graph is drawn.
 */
import type { DataFacts } from '../data/facts.js';
import type { ProjectDocument } from '../graph/document.js';
import type { IrProgram } from '../ir/types.js';
import type { OnnxModel } from './onnx/model.js';

export const exportTargets = [
  'pytorch',
  'keras',
  'tfjs',
  'typescript',
  'onnx',
  'report',
  'zip',
] as const;
export type ExportTarget = (typeof exportTargets)[number];

export type CodeLanguage =
  'python' | 'typescript' | 'javascript' | 'json' | 'markdown' | 'html' | 'text';

/** Lines that come from one block, 1-based and inclusive. A block can have several spans. */
export interface CodeSpan {
  node: string;
  from: number;
  to: number;
}

export interface CodeFile {
  /** Relative to the export's folder, with `/`. */
  path: string;
  language: CodeLanguage;
  text: string;
  spans: CodeSpan[];
}

/** Our parameters by IR id, in Keras' layout. */
export type ParameterValues = ReadonlyMap<string, Float32Array>;

/** One tensor as the target wants it, made of one or more of our parameters. */
export interface TargetTensor {
  /** The target's own name for it, e.g. `encoder.weight_ih_l0`. */
  name: string;
  shape: number[];
  /** @returns row major, as many values as `shape` says; may be the parameter itself. */
  values(parameters: ParameterValues): Float32Array;
}

export interface WeightFile {
  path: string;
  /** `h5`: names are HDF5 paths. `raw`: float32 little endian, one tensor after another (TF.js' manifest). */
  format: 'safetensors' | 'h5' | 'raw';
  tensors: TargetTensor[];
}

/** What a generator reads. */
export interface CodegenInput {
  /** Its recipes are those of the run: a run's own seed and epochs have replaced the document's. */
  document: ProjectDocument;
  program: IrProgram;
  facts: DataFacts;
}

export interface GeneratedExport {
  files: CodeFile[];
  weights: WeightFile[];
  /** Graphs with their weights in one file. */
  models?: { path: string; model: OnnxModel }[];
}

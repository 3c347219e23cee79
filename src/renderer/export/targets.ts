/** The targets as the dialog offers them. */
import type { ExportTarget } from '#shared/codegen/types';

interface TargetCard {
  title: string;
  text: string;
  /** What verification runs the export in; null where there is nothing to run. */
  framework: string | null;
}

export const targetCards: Record<ExportTarget, TargetCard> = {
  pytorch: {
    title: 'PyTorch',
    text: 'A module as a person would write it, with training (on several GPUs too) and prediction.',
    framework: 'PyTorch',
  },
  keras: {
    title: 'Keras',
    text: 'A functional Keras 3 model with training and prediction.',
    framework: 'Keras',
  },
  tfjs: {
    title: 'TensorFlow.js',
    text: 'model.json with weights for a web page or Node, with an example page that works offline.',
    framework: 'TensorFlow.js',
  },
  typescript: {
    title: 'TypeScript',
    text: 'The model and its training loop as a TypeScript program on TensorFlow.js.',
    framework: 'TensorFlow.js',
  },
  onnx: {
    title: 'ONNX',
    text: 'One file for ONNX Runtime and whatever else reads ONNX.',
    framework: 'ONNX Runtime',
  },
  report: {
    title: 'Report',
    text: 'One page to read or print: the network, the data, curves, scores and settings.',
    framework: null,
  },
  zip: {
    title: 'Project zip',
    text: 'The project with its data, vocabulary, weights and history, to open in another studio.',
    framework: null,
  },
};

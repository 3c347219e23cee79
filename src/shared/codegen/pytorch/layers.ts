/** `layers.py`: what PyTorch has no module for, or needs several lines for. Only what a network uses. */
import type { CodeFile } from '../types.js';
import { CodeWriter } from '../writer.js';
import { helpers, type HelperFacts } from './layer-code.js';

/** What a network's code must not call anything else. */
export const helperNames: readonly string[] = helpers({ padded: true, lstm: true }).map(
  ({ name }) => name,
);

const mentions = (text: string, name: string): boolean =>
  new RegExp(`(?<![\\w.])${name}\\b`).test(text);

/** Helpers that a text mentions. */
export const helpersIn = (text: string): string[] =>
  helperNames.filter((name) => mentions(text, name));

/** @param wanted names of helpers. @returns null where none is. */
export function generateLayers(wanted: readonly string[], facts: HelperFacts): CodeFile | null {
  const needed = new Set(wanted);
  const chosen = helpers(facts)
    .reverse()
    .filter(({ name, code }) => {
      if (!needed.has(name)) return false;
      for (const other of helpersIn(code)) needed.add(other);
      return true;
    })
    .reverse();
  if (chosen.length === 0) return null;
  const body = chosen.map(({ code }) => code).join('\n\n\n');
  const writer = new CodeWriter('    ');
  writer.line(
    '"""Parts of the network that are not in torch.nn."""',
    '',
    'from __future__ import annotations',
    '',
    ...torchImports(body),
    ...(mentions(body, 'pack_padded_sequence')
      ? ['from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence']
      : []),
  );
  writer.blank(2).line(body);
  return writer.file('layers.py', 'python');
}

/** The imports of torch that a text needs, in isort's order. @param more other `from` imports. */
export function torchImports(text: string, more: readonly string[] = []): string[] {
  const names = ['Tensor', 'nn'].filter((name) => mentions(text, name));
  return [
    ...(/(?<![\w.])torch\./.test(text) ? ['import torch'] : []),
    ...(/(?<![\w.])F\./.test(text) ? ['import torch.nn.functional as F'] : []),
    ...more,
    ...(names.length > 0 ? [`from torch import ${names.join(', ')}`] : []),
  ];
}

/** How blocks, ports and values are called in messages. */
import type { PortSpec } from '../catalog/define.js';
import type { GraphNode } from './document.js';
import { formatShape, type ValueKind, type ValueType } from './values.js';

const kindNames: Record<ValueKind, string> = {
  tokens: 'token ids',
  sequence: 'a sequence',
  vector: 'a vector',
  state: 'a state',
};

/** `a sequence or a vector`. */
export const anyOf = (kinds: readonly ValueKind[]): string =>
  kinds.map((kind) => kindNames[kind]).join(' or ');

/** The name that the user gave a block; its id where they gave none. */
export const nameOf = (node: GraphNode): string => (node.name.trim() === '' ? node.id : node.name);

/** Why a value does not fit a port, with its shape. */
export const kindMismatch = (type: ValueType, port: PortSpec): string =>
  `"${port.label}" takes ${anyOf(port.kinds)}, but gets ${kindNames[type.kind]} (${formatShape(type)}).`;

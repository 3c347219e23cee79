/**
 * Where Keras 3 looks for a layer's weights in a `.weights.h5` file: `layers/<class>[_<n>]/…`, layers of
 * one class counted in the order of `model.layers`. That order is by distance from the output, farthest
 * first, and among equals by a walk from the output (keras/src/ops/function.py, `map_graph`).
 */
import { snakeCase } from '../names.js';

export interface KerasLayer {
  /** Class name in Python. */
  className: string;
  /** Layers whose outputs it is called on, as Keras flattens them: positional, then keywords by name. */
  parents: readonly KerasLayer[];
}

/** All layers that lead to `output`, in the order of `model.layers`. */
function layersOf(output: KerasLayer): KerasLayer[] {
  const visited = new Map<KerasLayer, number>();
  const fromInputs: KerasLayer[] = [];
  const visit = (layer: KerasLayer): void => {
    if (visited.has(layer)) return;
    visited.set(layer, visited.size);
    layer.parents.forEach(visit);
    fromInputs.push(layer);
  };
  visit(output);
  const depth = new Map<KerasLayer, number>([[output, 0]]);
  const at = (of: ReadonlyMap<KerasLayer, number>, layer: KerasLayer): number => of.get(layer) ?? 0;
  for (const layer of fromInputs.toReversed())
    for (const parent of layer.parents)
      depth.set(parent, Math.max(at(depth, parent), at(depth, layer) + 1));
  return [...visited.keys()].sort(
    (a, b) => at(depth, b) - at(depth, a) || at(visited, a) - at(visited, b),
  );
}

/** HDF5 group of each layer that leads to `output`. */
export function weightGroups(output: KerasLayer): Map<KerasLayer, string> {
  const counts = new Map<string, number>();
  return new Map(
    layersOf(output).map((layer) => {
      const name = snakeCase(layer.className);
      const count = counts.get(name) ?? 0;
      counts.set(name, count + 1);
      return [layer, `layers/${name}${count === 0 ? '' : `_${count}`}`];
    }),
  );
}

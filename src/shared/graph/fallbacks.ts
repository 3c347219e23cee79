/** What a device runs without a fused kernel, of a project that need not be whole yet. */
import { findBlock } from '../catalog/index.js';
import type { DeviceId } from '../ipc/devices.js';
import { recurrentFallback } from '../run/fallbacks.js';
import type { Fallback } from '../run/fallbacks.js';
import type { ProjectDocument } from './document.js';

export function documentFallbacks(device: DeviceId, { graph }: ProjectDocument): Fallback[] {
  return graph.nodes.flatMap(({ id, block, params }) => {
    const parsed = findBlock(block)?.parse(params);
    const layer = parsed?.ok === true ? parsed.instance.recurrence : null;
    const reason = layer && recurrentFallback(device, layer);
    return reason === null ? [] : [{ node: id, reason }];
  });
}

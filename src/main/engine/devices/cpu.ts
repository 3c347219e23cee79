/** Plain JavaScript: slow, everywhere, and what the others are compared with. */
import '@tensorflow/tfjs-backend-cpu';
import { packedRecurrent } from '../kernels/packed.js';
import { registerOver } from '../kernels/register.js';
import { unsortedSegmentSumConfig } from '../kernels/unsorted-segment-sum.js';
import { useBackend } from './provider.js';
import type { DeviceProvider } from './provider.js';

const name = 'CPU · plain JavaScript';

export const cpu: DeviceProvider = {
  id: 'cpu',
  probe: async () => ({ available: true, name, software: false }),
  open: async () => {
    registerOver(unsortedSegmentSumConfig('cpu'));
    await useBackend('cpu');
    return {
      name,
      recurrent: packedRecurrent,
      check: async () => {},
      dispose: async () => {},
    };
  },
};

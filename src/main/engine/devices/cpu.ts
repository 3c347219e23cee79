/** Plain JavaScript: slow, everywhere, and what the others are compared with. */
import '@tensorflow/tfjs-backend-cpu';
import { registerOver } from '../kernels/register.js';
import { stepwiseRecurrent } from '../kernels/stepwise.js';
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
      recurrent: stepwiseRecurrent,
      check: async () => {},
      dispose: async () => {},
    };
  },
};

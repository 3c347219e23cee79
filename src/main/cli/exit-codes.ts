/** How the process ends. `unroll --help` prints this table. */
export const exitCodes = {
  ok: { code: 0, meaning: 'done' },
  internal: { code: 1, meaning: 'a defect in Unroll Studio, or the engine process died' },
  usage: { code: 2, meaning: 'wrong arguments' },
  badProject: { code: 3, meaning: 'the project or its data can not be used (see `unroll check`)' },
  trainingFailed: { code: 4, meaning: 'training failed' },
  deviceUnavailable: { code: 5, meaning: 'the device asked for is not available' },
  verificationFailed: {
    code: 6,
    meaning: 'an export was written, but gives other numbers than the run',
  },
  notVerified: {
    code: 7,
    meaning: 'an export was written, but what it runs in is not installed here',
  },
  stopped: { code: 130, meaning: 'stopped by Ctrl-C, with a checkpoint' },
} as const;

export type Exit = keyof typeof exitCodes;

export const exitCodeHelp = [
  'Exit codes:',
  ...Object.values(exitCodes).map(({ code, meaning }) => `  ${String(code).padEnd(4)} ${meaning}`),
].join('\n');

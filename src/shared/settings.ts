/** What a person sets once for the studio as a whole; kept in one file per person, see src/main/settings. */
import { z } from 'zod';
import { deviceChoiceSchema } from './ipc/devices.js';

export const settingsVersion = 1;

/** More threads than this are never used by the WebAssembly kernels. */
export const maximumThreads = 8;

export const themeChoices = ['system', 'light', 'dark'] as const;
export const themeChoiceSchema = z.enum(themeChoices);
export type ThemeChoice = z.infer<typeof themeChoiceSchema>;
export const themeTitles: Record<ThemeChoice, string> = {
  system: 'As the system',
  light: 'Light',
  dark: 'Dark',
};

export const settingsSchema = z.object({
  theme: themeChoiceSchema,
  /** Absolute path of the folder of projects and runs; null is `Unroll Studio` in the home folder. */
  workspace: z.string().min(1).nullable(),
  /** What new runs are started on. */
  device: deviceChoiceSchema,
  /** Of the WebAssembly device; null takes one for each core, at most `maximumThreads`. */
  threads: z.number().int().min(1).max(maximumThreads).nullable(),
});
export type Settings = z.infer<typeof settingsSchema>;

/** What is left out stays as it is. */
export const settingsChangeSchema = z.object({
  theme: settingsSchema.shape.theme.exactOptional(),
  workspace: settingsSchema.shape.workspace.exactOptional(),
  device: settingsSchema.shape.device.exactOptional(),
  threads: settingsSchema.shape.threads.exactOptional(),
});
export type SettingsChange = z.infer<typeof settingsChangeSchema>;

/** What is left out has its default. */
export const settingsFileSchema = settingsChangeSchema.extend({
  version: z.literal(settingsVersion),
});

export const defaultSettings: Settings = {
  theme: 'system',
  workspace: null,
  device: 'auto',
  threads: null,
};

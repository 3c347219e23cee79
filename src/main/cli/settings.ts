/** The person's settings for the command line: what a flag or the environment gives wins over them. */
import type { Command } from 'commander';
import { formatError } from '#shared/errors';
import { checkWorkspace, openSettings, type SettingsStore } from '../settings.js';
import { failingAs, note } from './output.js';

let opened: Promise<SettingsStore> | null = null;

/** Read once. A damaged file is told once and counts as the defaults. */
export function personSettings(): Promise<SettingsStore> {
  opened ??= openSettings().then((settings) => {
    if (settings.problem !== null) note(formatError(settings.problem));
    return settings;
  });
  return opened;
}

/** True where the person named the value for this command. */
export const isAsked = (command: Command, option: string): boolean =>
  ['cli', 'env'].includes(command.getOptionValueSource(option) ?? '');

/**
 * Fills in the options that were not given.
 * @throws StudioError of `checkWorkspace` where the set folder is needed and can't be used.
 */
export async function applySettings(command: Command): Promise<void> {
  const { workspace, device } = (await personSettings()).current();
  const takes = (option: string): boolean =>
    command.options.some((one) => one.attributeName() === option) && !isAsked(command, option);
  // A run that is resumed goes on where it was.
  if (takes('device') && command.getOptionValue('resume') !== true)
    command.setOptionValueWithSource('device', device, 'config');
  if (takes('workspace') && workspace !== null) {
    await failingAs('usage', () => checkWorkspace(workspace));
    command.setOptionValueWithSource('workspace', workspace, 'config');
  }
}

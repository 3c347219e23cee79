/** `unroll …`: the command line. Each command is a file of its own; this one reads the arguments. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { exportTargets } from '#shared/codegen/types';
import { deviceChoiceSchema, deviceIds } from '#shared/ipc/devices';
import { sortTitles } from '#shared/run/columns';
import { exportTargetSchema } from '#shared/run/exported';
import { appVersion } from '../app-paths.js';
import { exitCodeHelp, exitCodes } from './exit-codes.js';
import { reportFailure } from './output.js';
import { applySettings, isAsked } from './settings.js';

const wholeNumber =
  (minimum: number, maximum: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < minimum || value > maximum)
      throw new InvalidArgumentError(`It must be a whole number from ${minimum} to ${maximum}.`);
    return value;
  };

const number =
  (minimum: number, maximum: number) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= minimum && value <= maximum))
      throw new InvalidArgumentError(`It must be a number from ${minimum} to ${maximum}.`);
    return value;
  };

/** Of an option that may be given several times. */
const gather = (value: string, before: string[] = []): string[] => [...before, value];

const jsonOption = (): Option => new Option('--json', 'one JSON object a line on stdout');
const workspaceOption = (): Option =>
  new Option('--workspace <folder>', 'folder of projects and runs (default: ~/Unroll Studio)').env(
    'UNROLL_WORKSPACE',
  );
const deviceOption = (): Option =>
  new Option('--device <device>', 'where to compute')
    .choices(['auto', ...deviceIds])
    .default('auto', 'that of the settings, else auto');

/** The exit code of the command that ran. */
let exitCode: number = exitCodes.ok.code;

/** Set where the settings ask for what can't be had. */
let unusable: { error: unknown } | null = null;

/** Wraps a command: prints its failure, in JSON too where that was asked for. */
const running =
  <A extends unknown[]>(json: (args: A) => boolean, work: (...args: A) => Promise<number>) =>
  async (...args: A): Promise<void> => {
    try {
      if (unusable !== null) throw unusable.error;
      exitCode = await work(...args);
    } catch (error) {
      exitCode = reportFailure(error, json(args));
    }
  };

interface TrainFlags {
  out?: string;
  device: string;
  epochs?: number;
  seed?: number;
  resume?: true;
  json?: true;
  workspace?: string;
}
interface PredictFlags {
  text?: string;
  series?: string;
  length: number;
  temperature: number;
  topK?: number;
  topP: number;
  seed: number;
  device: string;
  json?: true;
  workspace?: string;
}
interface ExportFlags {
  to: string;
  out: string;
  verify?: true;
  force?: true;
  json?: true;
  workspace?: string;
}
interface RunsFlags {
  sort: string;
  reverse?: true;
  tag?: string[];
  filter?: string;
  json?: true;
  csv?: true;
  workspace?: string;
}
interface ServeFlags {
  port?: number;
  host?: string;
  workspace?: string;
  open?: true;
}

function program(): Command {
  const root = new Command('unroll')
    .description('Draw recurrent networks, train them on this machine, take them away.')
    .version(appVersion, '--version')
    .showHelpAfterError('Run it with --help for the options.')
    .addHelpText('after', `\n${exitCodeHelp}`)
    .exitOverride()
    .hook('preAction', (_root, command) =>
      applySettings(command).catch((error: unknown) => {
        unusable = { error };
      }),
    );

  root
    .command('train')
    .description('train a project: a file, or the id of an example')
    .argument('<project>', 'a *.unroll.json file, or an example such as sentiment-bilstm')
    .option('--out <folder>', "the run's folder (default: a new one in the workspace)")
    .addOption(deviceOption())
    .option('--epochs <n>', "instead of the project's", wholeNumber(1, 1_000_000))
    .option('--seed <n>', "instead of the project's", wholeNumber(0, 0xffffffff))
    .option(
      '--resume',
      'go on from the newest checkpoint: of --out, else of the newest run; with --epochs to so many in all',
    )
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .action(
      running(
        ([, flags]) => flags.json === true,
        async (project: string, flags: TrainFlags) =>
          (await import('./train.js')).train(project, {
            ...flags,
            device: deviceChoiceSchema.parse(flags.device),
          }),
      ),
    );

  root
    .command('check')
    .description('find what is wrong with a project and its data without training it')
    .argument('<project>', 'a *.unroll.json file, or an example')
    .addOption(deviceOption())
    .addOption(jsonOption())
    .action(
      running(
        ([, flags]) => flags.json === true,
        async (project: string, flags: { device: string; json?: true }) =>
          (await import('./check.js')).check(project, {
            ...flags,
            device: deviceChoiceSchema.parse(flags.device),
          }),
      ),
    );

  root
    .command('runs')
    .description('list the runs of the workspace, or of a project, with their scores')
    .argument('[project]', 'a *.unroll.json file, an example, or the name of a project')
    .addOption(
      new Option('--sort <column>', 'newest first, best scores first, else from the smallest')
        .choices(sortTitles)
        .default('created'),
    )
    .option('--reverse', 'the other way round')
    .option('--tag <tag>', 'only runs with this tag; several times: with all of them', gather)
    .option('--filter <words>', 'only runs in which all the words stand somewhere')
    .addOption(jsonOption().conflicts('csv'))
    .option('--csv', 'all numbers in full precision, as the studio saves them')
    .addOption(workspaceOption())
    .action(
      running(
        ([, flags]) => flags.json === true,
        async (project: string | undefined, flags: RunsFlags) =>
          (await import('./runs.js')).listCommand(project, flags),
      ),
    );

  root
    .command('devices')
    .description('which devices there are, which one is taken, and why the others are not')
    .addOption(jsonOption())
    .action(
      running(
        ([flags]) => flags.json === true,
        async (flags: { json?: true }) => (await import('./devices.js')).devices(flags),
      ),
    );

  root
    .command('predict')
    .description('ask a trained run')
    .argument('<run>', "a run's folder, or its id in the workspace")
    .option('--text <text>', 'text to classify, tag or continue')
    .option('--series <file>', 'CSV with the input columns of a forecast, newest row last')
    .option('--length <n>', 'tokens to generate', wholeNumber(0, 10_000), 0)
    .option('--temperature <x>', '0 always takes the most probable token', number(0, 10), 0)
    .option('--top-k <n>', 'draw only from the n most probable tokens', wholeNumber(1, 1_000_000))
    .option(
      '--top-p <x>',
      'draw only from the tokens that together reach this',
      number(0.001, 1),
      1,
    )
    .option('--seed <n>', 'of the sampling', wholeNumber(0, 0xffffffff), 0)
    .addOption(deviceOption())
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .action(
      running(
        ([, flags]) => flags.json === true,
        async (run: string, flags: PredictFlags) =>
          (await import('./predict.js')).predict(run, {
            ...flags,
            device: deviceChoiceSchema.parse(flags.device),
          }),
      ),
    );

  root
    .command('export')
    .description('take a trained run away: as code with its weights, as a report, or whole')
    .argument('<run>', "a run's folder, or its id in the workspace")
    .addOption(new Option('--to <target>', 'what for').choices(exportTargets).makeOptionMandatory())
    .requiredOption(
      '--out <folder>',
      'a folder that is empty or not there yet; for a zip also the name of the file',
    )
    .option('--verify', 'run the export in its framework and compare with what the run computed')
    .option('--force', 'replace an earlier export')
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .action(
      running(
        ([, flags]) => flags.json === true,
        async (run: string, flags: ExportFlags) =>
          (await import('./export.js')).exportCommand(run, {
            ...flags,
            to: exportTargetSchema.parse(flags.to),
          }),
      ),
    );

  root
    .command('import')
    .description('open a .unroll.zip: its project, data and run become part of the workspace')
    .argument('<file>', 'a file that `unroll export --to zip` or the studio wrote')
    .addOption(jsonOption())
    .addOption(workspaceOption())
    .action(
      running(
        ([, flags]) => flags.json === true,
        async (file: string, flags: { json?: true; workspace?: string }) =>
          (await import('./import.js')).importCommand(file, flags),
      ),
    );

  root
    .command('serve')
    .description('the studio in a browser, for a machine without a screen')
    .option(
      '--port <n>',
      '0 is any free port (default: 8423, or any free one)',
      wholeNumber(0, 65_535),
    )
    .option('--host <address>', 'listen on another address than 127.0.0.1')
    .addOption(workspaceOption())
    .option('--open', 'open it in the default browser')
    .action(
      running(
        () => false,
        async (flags: ServeFlags, command: Command) =>
          (await import('./serve.js')).serveStudio({
            ...flags,
            workspaceAsked: isAsked(command, 'workspace'),
          }),
      ),
    );

  return root;
}

// A reader that has seen enough (`unroll … | head`) is no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(exitCode);
  });
}

// Not awaited at the top level: the commands are chunks that may import from this one.
void program()
  .parseAsync()
  .catch((error: unknown) => {
    if (!(error instanceof CommanderError)) throw error;
    // Commander has printed it.
    exitCode = error.exitCode === 0 ? exitCodes.ok.code : exitCodes.usage.code;
  })
  .finally(() => (process.exitCode = exitCode));

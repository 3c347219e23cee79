/** What the palette can lead to beside commands: blocks to add, devices, examples, projects and runs. */
import { blocks, categoryTitles } from '#shared/catalog/index';
import { toWireError } from '#shared/errors';
import type { DeviceChoice } from '#shared/ipc/devices';
import { formatMoment } from '#shared/format';
import { useDesign } from '../stores/design.js';
import { useProject } from '../stores/project.js';
import { useRuns } from '../stores/runs.js';
import { applySettings, useStudio } from '../stores/studio.js';
import { runTitle, stateText } from '#shared/run/names';
import { client } from '../transport.js';
import type { Command } from './registry.js';

export interface Places {
  commands: readonly Command[];
  /** Why projects or examples are missing from the list. */
  failed: string | null;
}

const blockCommands = (): Command[] =>
  blocks.map((block) => ({
    id: `block.${block.id}`,
    title: `Add ${block.title}`,
    group: 'Blocks',
    keywords: `block ${block.id} ${categoryTitles[block.category]} ${block.docs.summary}`,
    enabled: () => useProject.getState().document !== null || 'No project is open.',
    run: () => {
      useStudio.getState().setView('design');
      useDesign.getState().addBlock(block.id);
    },
  }));

const runCommands = (): Command[] =>
  useRuns.getState().runs.map((run) => ({
    id: `run.${run.id}`,
    title: `${runTitle(run.id)} of ${run.projectName}`,
    group: 'Runs',
    keywords: `${stateText(run.state)} ${formatMoment(run.created)}`,
    run: () => {
      useRuns.getState().select(run.id);
      useStudio.getState().setView('train');
    },
  }));

/** As the device menu offers them. */
const deviceCommands = (): Command[] => {
  const { devices } = useStudio.getState();
  const choose = (id: DeviceChoice): Pick<Command, 'group' | 'checked' | 'run'> => ({
    group: 'Devices',
    checked: () => useStudio.getState().settings.device === id,
    run: () => applySettings({ device: id }),
  });
  return [
    {
      id: 'device.auto',
      title: 'Device: Automatic',
      keywords: 'best available engine processor',
      ...choose('auto'),
    },
    ...devices.map((device) => ({
      id: `device.${device.id}`,
      title: `Device: ${device.name}`,
      keywords: `engine processor gpu cpu ${device.id}`,
      enabled: () => device.available || device.reason,
      ...choose(device.id),
    })),
  ];
};

async function openable(): Promise<Command[]> {
  const { open, openExample } = useProject.getState();
  const showDesign = (): void => useStudio.getState().setView('design');
  const [projects, examples] = await Promise.all([
    client.request('projects.list', {}),
    client.request('projects.examples', {}),
  ]);
  return [
    ...projects.map((project): Command => ({
      id: `project.${project.path}`,
      title: project.name,
      group: 'Projects',
      keywords: `open ${project.path}`,
      run: () => open(project.path).then(showDesign),
    })),
    ...examples.map((example): Command => ({
      id: `example.${example.id}`,
      title: example.name,
      group: 'Examples',
      keywords: `open ${example.task} ${example.description}`,
      run: () => openExample(example.id).then(showDesign),
    })),
  ];
}

export async function loadPlaces(): Promise<Places> {
  try {
    return {
      commands: [...blockCommands(), ...deviceCommands(), ...(await openable()), ...runCommands()],
      failed: null,
    };
  } catch (thrown) {
    return {
      commands: [...blockCommands(), ...deviceCommands(), ...runCommands()],
      failed: `Projects and examples are missing: ${toWireError(thrown).message}`,
    };
  }
}

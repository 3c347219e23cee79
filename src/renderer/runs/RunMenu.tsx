import { Menu } from '@mantine/core';
import type { ReactNode } from 'react';
import type { RunEntry } from '#shared/ipc/studio';
import { isActive } from '#shared/run/state';
import { useExports } from '../stores/exports.js';
import { useRuns } from '../stores/runs.js';
import { reportError, useStudio, type View } from '../stores/studio.js';
import { runTitle } from '#shared/run/names';
import { hasWeights, resumableStep } from '../train/runFacts.js';
import { Icon, IconButton, menuClasses } from '../ui/index.js';
import { deleteRuns } from './deleting.js';
import styles from './runs.module.css';

export function openRun(runId: string, view: View = 'train'): void {
  useRuns.getState().select(runId);
  useStudio.getState().setView(view);
}

/** What is next for a run that waits, was stopped or was trained. */
function NextStep({ run, tabIndex }: { run: RunEntry; tabIndex: number }) {
  const busy = useRuns((state) => state.activeRunId !== null);
  const step = resumableStep(run.state);
  if (run.state.phase === 'idle')
    return (
      <IconButton
        label={busy ? 'Starts when the present run has ended' : 'Start'}
        icon={<Icon name="run" size={14} />}
        disabled={busy}
        tabIndex={tabIndex}
        onClick={() => void useRuns.getState().begin(run.id).catch(reportError)}
      />
    );
  if (step !== null)
    return (
      <IconButton
        label={busy ? 'Resume: another run is training' : `Resume from step ${step}`}
        icon={<Icon name="run" size={14} />}
        disabled={busy}
        tabIndex={tabIndex}
        onClick={() => {
          useRuns
            .getState()
            .resume(run.id)
            .then(() => useStudio.getState().setView('train'))
            .catch(reportError);
        }}
      />
    );
  if (run.state.phase !== 'done') return null;
  return (
    <IconButton
      label="Try it in the playground"
      icon={<Icon name="playground" size={14} />}
      tabIndex={tabIndex}
      onClick={() => openRun(run.id, 'playground')}
    />
  );
}

export interface MenuProps {
  run: RunEntry;
  open: boolean;
  tabIndex: number;
  onOpen: (part: 'menu' | 'tags' | 'note') => void;
  onClose: () => void;
}

export function RunActions(props: MenuProps) {
  const { run, open, tabIndex, onOpen } = props;
  const button = (
    <IconButton
      label={`Actions of ${runTitle(run.id)}`}
      icon={<Icon name="more" size={14} />}
      aria-haspopup="menu"
      tabIndex={tabIndex}
      onClick={() => onOpen('menu')}
    />
  );
  return (
    <span className={styles.actions}>
      <NextStep run={run} tabIndex={tabIndex} />
      {open ? <RunMenu {...props} target={button} /> : button}
    </span>
  );
}

function RunMenu({ run, target, onOpen, onClose }: MenuProps & { target: ReactNode }) {
  return (
    <Menu
      opened
      onChange={(opened) => {
        if (!opened) onClose();
      }}
      position="bottom-end"
      returnFocus={false}
      closeOnItemClick={false}
      transitionProps={{ duration: 0 }}
      classNames={menuClasses}
    >
      <Menu.Target>{target}</Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<Icon name="train" />} onClick={() => openRun(run.id)}>
          Open in Train
        </Menu.Item>
        {run.state.phase === 'done' && (
          <Menu.Item
            leftSection={<Icon name="playground" />}
            onClick={() => openRun(run.id, 'playground')}
          >
            Try it in the playground
          </Menu.Item>
        )}
        {hasWeights(run) && (
          <Menu.Item
            leftSection={<Icon name="export" />}
            onClick={() => {
              onClose();
              useExports.getState().open(run.id);
            }}
          >
            Export code and weights…
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item leftSection={<Icon name="tag" />} onClick={() => onOpen('tags')}>
          Edit tags
        </Menu.Item>
        <Menu.Item leftSection={<Icon name="comment" />} onClick={() => onOpen('note')}>
          Edit note
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          leftSection={<Icon name="trash" />}
          disabled={isActive(run.state)}
          onClick={() => {
            onClose();
            void deleteRuns([run.id]);
          }}
        >
          {isActive(run.state) ? 'Delete: stop it first' : 'Delete'}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** `Ctrl ,`: what holds for every project, in every window and on the command line. */
import type { ReactNode } from 'react';
import { maximumThreads, themeChoices, themeTitles } from '#shared/settings';
import { PageHeader } from '../shell/PageHeader.js';
import { applySettings, useStudio } from '../stores/studio.js';
import { SegmentedControl, Select } from '../ui/index.js';
import { DeviceSetting } from './DeviceSetting.js';
import { Setting } from './Setting.js';
import styles from './settings.module.css';
import { WorkspaceSetting } from './WorkspaceSetting.js';

function ThemeSetting() {
  const theme = useStudio((state) => state.settings.theme);
  return (
    <Setting title="Theme" text="Of every window of the studio.">
      <div className={styles.control}>
        <SegmentedControl
          label="Theme"
          value={theme}
          choices={themeChoices.map((value) => ({ value, label: themeTitles[value] }))}
          onChange={(next) => applySettings({ theme: next })}
        />
      </div>
    </Setting>
  );
}

function ThreadsSetting() {
  const threads = useStudio((state) => state.settings.threads);
  const cores = useStudio((state) => state.info?.cores ?? 1);
  const asked = useStudio((state) => state.info?.threadsAsked ?? false);
  const most = Math.min(cores, maximumThreads);
  const all = Array.from({ length: Math.max(most, threads ?? 1) }, (_, index) => index + 1);
  let note: ReactNode = null;
  if (asked)
    note = 'UNROLL_THREADS was set when the studio was started, and wins until it is started anew.';
  else if (threads !== null && threads > cores)
    note = `This machine runs ${cores} at once: more of them wait for each other.`;
  return (
    <Setting
      title="Threads"
      text={`How many the WebAssembly device computes with; this machine runs ${cores} at once. Fewer leave room for other programs. A run that trains keeps the number it began with. The device is calibrated apart for each number.`}
    >
      <div className={styles.control}>
        <Select
          bare
          label="Threads"
          value={threads === null ? 'auto' : String(threads)}
          choices={[
            { value: 'auto', label: `Automatic: ${most}` },
            ...all.map((count) => ({ value: String(count), label: String(count) })),
          ]}
          onChange={(next) => applySettings({ threads: next === 'auto' ? null : Number(next) })}
        />
      </div>
      {note !== null && <p className={styles.note}>{note}</p>}
    </Setting>
  );
}

export default function SettingsPage() {
  const path = useStudio((state) => state.settingsPath);
  return (
    <div className={styles.page}>
      <PageHeader
        title="Settings"
        lead="For every project, in every window and on the command line. Changes hold at once."
      />
      <div className={styles.scroll}>
        <div className={styles.settings}>
          <ThemeSetting />
          <WorkspaceSetting />
          <DeviceSetting />
          <ThreadsSetting />
          {path !== null && (
            <p className={styles.kept}>
              Kept in <code>{path}</code>. Flags of the command line and the environment win over
              it.
            </p>
          )}
        </div>
      </div>
    </div>
  );
}

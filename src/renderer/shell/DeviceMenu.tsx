import { Menu } from '@mantine/core';
import type { DeviceChoice, DeviceReport } from '#shared/ipc/devices';
import { applySettings, deviceInUse, useStudio } from '../stores/studio.js';
import { Icon, Tooltip, menuClasses } from '../ui/index.js';
import styles from './shell.module.css';

function Entry({
  title,
  text,
  checked,
  disabled,
  onPick,
}: {
  title: string;
  text: string;
  checked: boolean;
  disabled: boolean;
  onPick: () => void;
}) {
  return (
    <Menu.Item
      role="menuitemradio"
      aria-checked={checked}
      disabled={disabled}
      rightSection={checked ? <Icon name="check" /> : null}
      onClick={onPick}
    >
      <span className={styles.menuItem}>
        <span className={styles.menuTitle}>{title}</span>
        <span className={styles.menuText}>{text}</span>
      </span>
    </Menu.Item>
  );
}

/** Which device trains, why, and why the better ones don't. The choice holds for new runs. */
export function DeviceMenu() {
  const devices = useStudio((state) => state.devices);
  const choice = useStudio((state) => state.settings.device);
  const engine = useStudio((state) => state.engine);
  const device: DeviceReport | null = deviceInUse(devices, choice);
  const connected = useStudio((studio) => studio.connection.phase === 'open');
  const state =
    !connected || engine.status === 'failed'
      ? 'failed'
      : engine.status === 'ready'
        ? 'ready'
        : 'busy';
  const engineText: Record<typeof engine.status, string> = {
    starting: 'Engine starts…',
    restarting: 'Engine restarts…',
    failed: 'No engine',
    ready: device?.name ?? 'No device',
  };
  const text = connected ? engineText[engine.status] : 'Not connected';
  const pick = (next: DeviceChoice) => (): void => applySettings({ device: next });
  return (
    <Menu position="bottom-end" classNames={menuClasses} transitionProps={{ duration: 0 }}>
      <Tooltip label={device?.reason}>
        <span>
          <Menu.Target>
            <button type="button" className={styles.device} aria-label={`Device: ${text}`}>
              <span className={styles.led} data-state={state} />
              {text}
            </button>
          </Menu.Target>
        </span>
      </Tooltip>
      <Menu.Dropdown className={styles.menu}>
        <div className={styles.menuLabel}>Device for new runs</div>
        <Entry
          title="Automatic"
          text={`The best available one: ${devices.find((one) => one.chosen)?.name ?? 'not known yet'}.`}
          checked={choice === 'auto'}
          disabled={false}
          onPick={pick('auto')}
        />
        {devices.map((one) => (
          <Entry
            key={one.id}
            title={one.name}
            text={one.reason}
            checked={choice === one.id}
            disabled={!one.available}
            onPick={pick(one.id)}
          />
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

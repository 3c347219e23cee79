import type { DeviceChoice } from '#shared/ipc/devices';
import { applySettings, useStudio } from '../stores/studio.js';
import { Setting } from './Setting.js';
import styles from './settings.module.css';

function Device({
  id,
  title,
  text,
  disabled,
}: {
  id: DeviceChoice;
  title: string;
  text: string;
  disabled: boolean;
}) {
  const checked = useStudio((state) => state.settings.device === id);
  return (
    <label className={styles.choice} data-disabled={disabled || undefined}>
      <input
        type="radio"
        name="device"
        value={id}
        checked={checked}
        disabled={disabled}
        onChange={() => applySettings({ device: id })}
      />
      <span className={styles.choiceTitle}>{title}</span>
      <span className={styles.choiceText}>{text}</span>
    </label>
  );
}

/** The same choice as in the bar at the top, with its reasons in sight. */
export function DeviceSetting() {
  const devices = useStudio((state) => state.devices);
  const chosen = useStudio((state) => state.settings.device);
  const best = devices.find((device) => device.chosen);
  return (
    <Setting
      title="Device"
      text="What new runs are trained on. A run that trains, waits or is resumed keeps its own."
    >
      <fieldset className={styles.choices}>
        <legend className="visually-hidden">Device for new runs</legend>
        <Device
          id="auto"
          title="Automatic"
          text={
            best === undefined
              ? 'The best one; which that is, the engine has not told yet.'
              : `The best available one, now ${best.name}.`
          }
          disabled={false}
        />
        {devices.map((device) => (
          <Device
            key={device.id}
            id={device.id}
            title={device.name}
            text={device.reason}
            // What is chosen can be left, not chosen anew.
            disabled={!device.available && device.id !== chosen}
          />
        ))}
      </fieldset>
    </Setting>
  );
}

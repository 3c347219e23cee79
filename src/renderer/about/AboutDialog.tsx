/** What this is, what it runs on, and under which licences. */
import { lazy, Suspense, useEffect, useState } from 'react';
import type { Output } from '#shared/ipc/channel';
import type { StudioContract } from '#shared/ipc/studio';
import { Logo } from '../shell/Logo.js';
import { deviceInUse, reportError, useStudio } from '../stores/studio.js';
import { client } from '../transport.js';
import { Button, CopyButton, Dialog, KeyValue } from '../ui/index.js';
import styles from './about.module.css';

const Licences = lazy(() => import('./Licences.js'));

type About = Output<StudioContract, 'app.about'>;

/** The browser's own words; in Electron, main has told of Chromium already. */
const browserLine = (host: string | undefined): string[] =>
  host === 'browser' ? [`Browser: ${navigator.userAgent}`] : [];

export default function AboutDialog() {
  const setOverlay = useStudio((state) => state.setOverlay);
  const host = useStudio((state) => state.info?.host);
  const device = useStudio((state) => deviceInUse(state.devices, state.settings.device));
  const [about, setAbout] = useState<About | null>(null);
  const [licences, setLicences] = useState(false);
  useEffect(() => {
    let shown = true;
    client.request('app.about', {}).then((found) => shown && setAbout(found), reportError);
    return () => {
      shown = false;
    };
  }, []);
  const items = [
    ...(about?.versions ?? []).map(({ name, version }) => ({ key: name, value: version })),
    ...(device === null ? [] : [{ key: 'Device for new runs', value: device.name }]),
  ];
  const report = [
    ...items.map(({ key, value }) => `${key}: ${value}`),
    ...browserLine(host),
    // The reasons tell why a better device is not there.
    ...useStudio.getState().devices.map(({ name, reason }) => `- ${name}: ${reason}`),
  ].join('\n');
  return (
    <Dialog
      onClose={() => setOverlay(null)}
      title={licences ? 'Licences' : 'About Unroll Studio'}
      size={licences ? 760 : 480}
    >
      {licences ? (
        <Suspense fallback={<p className={styles.loading}>Loading the licences…</p>}>
          <Licences onBack={() => setLicences(false)} />
        </Suspense>
      ) : (
        <div className={styles.about}>
          <div className={styles.head}>
            <Logo width={48} />
            <p>
              Draw recurrent networks, train them on your own machine, watch them learn, and take
              the model and the code away.
            </p>
          </div>
          <KeyValue items={items} />
          <p className={styles.licence}>
            Free software under the MIT licence. It stands on other people’s work.
          </p>
          <div className={styles.footer}>
            <CopyButton label="Copy versions and devices, for a report of a defect" text={report}>
              Copy for a bug report
            </CopyButton>
            <span className={styles.space} />
            <Button size="small" onClick={() => setLicences(true)}>
              Licences…
            </Button>
          </div>
        </div>
      )}
    </Dialog>
  );
}

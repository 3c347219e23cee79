/** The predicted time of training on the chosen device, and what it rests on. */
import { useEffect, useMemo } from 'react';
import { formatMoment, formatTime } from '#shared/format';
import { analyze } from '#shared/graph/analyze';
import type { DeviceReport } from '#shared/ipc/devices';
import type { Calibration } from '#shared/run/timing';
import { registerCommands, type Command } from '../commands/registry.js';
import { useRunDocuments } from '../runs/documents.js';
import { useCalibration } from '../stores/calibration.js';
import { useProject } from '../stores/project.js';
import { useRuns } from '../stores/runs.js';
import { deviceInUse, reportError, useStudio } from '../stores/studio.js';
import { runTitle } from '#shared/run/names';
import { Button, formatShare, KeyValue, Tooltip, type KeyValueItem } from '../ui/index.js';
import { Details } from './Details.js';
import { predictTime, timeParts, probeErrors, type TimePrediction } from './prediction.js';
import styles from './summary.module.css';

const signedShare = (ratio: number): string =>
  `${ratio >= 1 ? '+' : '−'}${Math.round(Math.abs(ratio - 1) * 100)} %`;

/** The newest finished run of this project on the device: measured against predicted. */
function useLastRun(calibration: Calibration): KeyValueItem[] {
  const projectId = useProject((state) => state.document?.id);
  const run = useRuns((state) =>
    state.runs.find(
      ({ projectId: of, state: now }) =>
        of === projectId &&
        now.phase === 'done' &&
        now.summary.device === calibration.device &&
        now.summary.secondsPerStep !== undefined,
    ),
  );
  const documents = useRunDocuments(run === undefined ? [] : [run.id]);
  const data = useProject((state) => state.document?.data);
  const facts = useProject((state) => state.facts);
  const document = run === undefined ? undefined : documents[run.id];
  const predicted = useMemo(() => {
    // The facts on hand are those of the present data recipe.
    if (document === undefined || facts === null) return null;
    if (JSON.stringify(document.data) !== JSON.stringify(data)) return null;
    const { batchSize } = document.training;
    return predictTime(calibration, analyze(document, facts), facts, batchSize).step;
  }, [calibration, document, data, facts]);
  if (run?.state.phase !== 'done' || run.state.summary.secondsPerStep === undefined) return [];
  const measured = run.state.summary.secondsPerStep;
  const against =
    predicted === null
      ? ''
      : `; predicted for it ${formatTime(predicted)} (${signedShare(predicted / measured)})`;
  return [
    {
      key: 'Last run here',
      value: `${runTitle(run.id)}: ${formatTime(measured)} a step${against}`,
    },
  ];
}

function Grounds({
  calibration,
  prediction,
}: {
  calibration: Calibration;
  prediction: TimePrediction | null;
}) {
  const lastRun = useLastRun(calibration);
  const errors = probeErrors(calibration);
  const parts =
    prediction === null
      ? []
      : timeParts(calibration.rates, prediction.work).filter(
          ({ seconds }) => seconds >= 0.01 * prediction.step,
        );
  return (
    <>
      {prediction !== null && (
        <>
          <h3>Where the time of a step goes</h3>
          <KeyValue
            items={parts.map(({ name, seconds }) => ({
              key: name,
              value: `${formatTime(seconds)}, ${formatShare(seconds / prediction.step)}`,
            }))}
          />
        </>
      )}
      <h3>What it rests on</h3>
      <KeyValue
        items={[
          {
            key: 'Calibrated',
            value: `${formatMoment(calibration.date)}, ${calibration.probes.length} small networks`,
          },
          { key: 'Device', value: `${calibration.deviceName}, ${calibration.machine}` },
          {
            key: 'Fit',
            value: `off by ${formatShare(errors.mean)} on average, ${formatShare(errors.worst)} at worst`,
          },
          ...lastRun,
        ]}
      />
      <p className={styles.note}>
        Other programs on this machine, and sizes far from those measured, change the real time.
      </p>
    </>
  );
}

function Measured({ device, calibration }: { device: DeviceReport; calibration: Calibration }) {
  const analysis = useProject((state) => state.analysis);
  const facts = useProject((state) => state.facts);
  const batchSize = useProject((state) => state.document?.training.batchSize ?? 1);
  const prediction = useMemo(
    () =>
      analysis?.ready === true && facts !== null
        ? predictTime(calibration, analysis, facts, batchSize)
        : null,
    [analysis, facts, batchSize, calibration],
  );
  return (
    <Details
      label="Predicted time"
      width={380}
      button={
        prediction === null ? (
          <b>when the network is complete</b>
        ) : (
          <>
            <b>{formatTime(prediction.step)}/step</b>
            <b>{formatTime(prediction.epoch)}/epoch</b>
          </>
        )
      }
    >
      <Grounds calibration={calibration} prediction={prediction} />
      <Calibrate device={device} again />
    </Details>
  );
}

function Calibrate({ device, again = false }: { device: DeviceReport; again?: boolean }) {
  const measuring = useCalibration((state) => state.measuring);
  const training = useRuns((state) => state.activeRunId !== null);
  return (
    <Tooltip
      label={
        training
          ? 'A run is training. Calibrate when it has ended.'
          : `Times a few small networks on ${device.name}: less than 3 seconds.`
      }
      position="top"
    >
      <span>
        <Button
          size="small"
          disabled={measuring !== null || training}
          onClick={() => {
            useCalibration.getState().measure(device.id).catch(reportError);
          }}
        >
          {measuring !== null ? 'Timing…' : again ? 'Calibrate again' : 'Calibrate'}
        </Button>
      </span>
    </Tooltip>
  );
}

const calibrateCommand: Command = {
  id: 'run.calibrate',
  title: 'Calibrate the device',
  group: 'Run',
  keywords: 'predict speed time ms per step benchmark measure',
  enabled: () => useRuns.getState().activeRunId === null || 'A run is training.',
  run: async () => {
    const { devices, settings } = useStudio.getState();
    const device = deviceInUse(devices, settings.device);
    if (device !== null) await useCalibration.getState().measure(device.id);
  },
};

export function Predicted() {
  useEffect(() => registerCommands([calibrateCommand]), []);
  const device = useStudio((state) => deviceInUse(state.devices, state.settings.device));
  const calibration = useCalibration((state) =>
    state.calibrations.find((one) => one.device === device?.id),
  );
  if (device === null) return null;
  return (
    <div className={styles.predicted}>
      <span>Predicted</span>
      {calibration === undefined ? (
        <>
          <b>not calibrated</b>
          <Calibrate device={device} />
        </>
      ) : (
        <Measured device={device} calibration={calibration} />
      )}
    </div>
  );
}

import type { ExportResult } from '#shared/run/exported';
import { useExports } from '../stores/exports.js';
import { useStudio } from '../stores/studio.js';
import { openPage } from '../ui/files.js';
import { Button, CopyButton, formatBytes, Icon } from '../ui/index.js';
import styles from './export.module.css';
import { targetCards } from './targets.js';
import { verdictOf } from './words.js';

const icons = { passed: 'check', failed: 'warn', 'not-run': 'info' } as const;

/** What was written, where, and whether it gives the same numbers. */
export function Exported({ result }: { result: ExportResult }) {
  const { path, files, warnings, verification, page } = result;
  const host = useStudio((studio) => studio.info?.host);
  const { close, reset } = useExports.getState();
  const verdict = verdictOf(verification);
  const next = verification.state === 'not-run' ? verification : null;
  const silent = verification.state === 'not-run' && verification.reason === 'nothing-to-verify';
  return (
    <>
      {silent ? (
        <p className={styles.written}>
          The {targetCards[result.target].title.toLowerCase()} is written.
        </p>
      ) : (
        <div className={styles.verdict} role="status" data-tone={verdict.tone}>
          <Icon name={icons[verdict.tone]} />
          <div>
            <strong>{verdict.title}</strong>
            {verdict.details.map((line) => (
              <p key={line}>{line}</p>
            ))}
            {next !== null && next.install !== null && (
              <Command label="Install it" text={next.install} />
            )}
            {next !== null && next.verify !== null && (
              <Command label="Then verify" text={next.verify} />
            )}
          </div>
        </div>
      )}
      {warnings.length > 0 && (
        <ul className={styles.warnings}>
          {warnings.map((warning) => (
            <li key={warning}>
              <Icon name="info" size={14} />
              {warning}
            </li>
          ))}
        </ul>
      )}
      <div className={styles.where}>
        <Icon name="folder" size={14} />
        <code>{path}</code>
        <CopyButton text={path} label="Copy the path" />
      </div>
      {files.length > 1 && (
        <ul className={styles.files} aria-label="Files">
          {files.map((file) => (
            <li key={file.path}>
              {file.path} <span>{formatBytes(file.bytes)}</span>
            </li>
          ))}
        </ul>
      )}
      <div className={styles.footer}>
        <Button onClick={reset}>Export to something else</Button>
        {/* Electron's window opens no others: there the path is the way to it. */}
        {page !== null && host === 'browser' && (
          <Button onClick={() => openPage(page)}>Open the report</Button>
        )}
        <Button variant="primary" onClick={close}>
          Done
        </Button>
      </div>
    </>
  );
}

/** A line for a terminal. */
function Command({ label, text }: { label: string; text: string }) {
  return (
    <>
      <p className={styles.next}>{label}:</p>
      <div className={styles.command}>
        <code>{text}</code>
        <CopyButton text={text} label={`Copy: ${text}`} />
      </div>
    </>
  );
}

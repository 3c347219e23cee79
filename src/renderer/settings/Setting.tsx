import { useId, type ReactNode } from 'react';
import styles from './settings.module.css';

/** One setting: what it is and means left, its control right. */
export function Setting({
  title,
  text,
  children,
}: {
  title: string;
  text: string;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section className={styles.setting} aria-labelledby={id}>
      <div>
        <h2 id={id} className={styles.settingTitle}>
          {title}
        </h2>
        <p className={styles.settingText}>{text}</p>
      </div>
      <div className={styles.value}>{children}</div>
    </section>
  );
}

import styles from './dialog.module.css';

/** Our look for Mantine's dialogs. */
export const dialogClasses = {
  content: styles.content ?? '',
  header: styles.header ?? '',
  title: styles.dialogTitle ?? '',
  body: styles.body ?? '',
};

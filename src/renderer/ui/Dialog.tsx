import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import styles from './dialog.module.css';
import { useFocusBack } from './useFocusBack.js';

const classes = {
  content: styles.content ?? '',
  header: styles.header ?? '',
  title: styles.title ?? '',
  body: styles.body ?? '',
};

/** A dialog over the window, open as long as it is rendered. */
export function Dialog({
  title,
  size,
  centered = false,
  onClose,
  children,
}: {
  title: string;
  /** Width in pixels. */
  size: number;
  centered?: boolean;
  onClose: () => void;
  children: ReactNode;
}) {
  useFocusBack();
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      classNames={classes}
      closeButtonProps={{ 'aria-label': 'Close' }}
      transitionProps={{ duration: 0 }}
      size={size}
      centered={centered}
    >
      {children}
    </Modal>
  );
}

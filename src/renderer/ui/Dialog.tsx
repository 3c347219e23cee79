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
    <Modal.Root
      opened
      onClose={onClose}
      classNames={classes}
      transitionProps={{ duration: 0 }}
      size={size}
      centered={centered}
    >
      <Modal.Overlay />
      <Modal.Content>
        {/* A `header`, but not the window's: that is the only banner. */}
        <Modal.Header role="presentation">
          <Modal.Title>{title}</Modal.Title>
          <Modal.CloseButton aria-label="Close" />
        </Modal.Header>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

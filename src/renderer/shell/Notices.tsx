import { useEffect, useState } from 'react';
import { useMessages, type Message } from '../stores/messages.js';
import { useStudio } from '../stores/studio.js';
import { Button, ErrorNotice, Icon, IconButton } from '../ui/index.js';
import styles from './shell.module.css';

/** Milliseconds; with something to do, a person needs time to read and reach it. */
const shownFor = { plain: 8_000, withAction: 20_000 };

/**
 * Errors that concern no single field stay until they are dismissed. What happened goes by itself, but not
 * under the pointer or the focus.
 */
export function Notices() {
  const notices = useStudio((state) => state.notices);
  const dismiss = useStudio((state) => state.dismiss);
  const messages = useMessages((state) => state.messages);
  if (notices.length + messages.length === 0) return null;
  return (
    <section className={styles.notices} aria-label="Messages">
      {messages.map((message) => (
        <MessageCard key={message.id} message={message} />
      ))}
      {notices.map(({ id, error }) => (
        <ErrorNotice
          key={id}
          error={error}
          actions={
            <IconButton label="Dismiss" icon={<Icon name="close" />} onClick={() => dismiss(id)} />
          }
        />
      ))}
    </section>
  );
}

function MessageCard({ message: { id, text, action } }: { message: Message }) {
  const dismiss = useMessages((state) => state.dismiss);
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(
      () => dismiss(id),
      action === null ? shownFor.plain : shownFor.withAction,
    );
    return () => clearTimeout(timer);
  }, [held, id, action, dismiss]);
  return (
    <div
      className={styles.message}
      role="status"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span>{text}</span>
      {action !== null && (
        <Button
          size="small"
          onClick={() => {
            dismiss(id);
            action.run();
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton label="Dismiss" icon={<Icon name="close" />} onClick={() => dismiss(id)} />
    </div>
  );
}

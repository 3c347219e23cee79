import { useEffect, useState } from 'react';
import { Button, IconButton } from './Button.js';
import { copyText } from './files.js';
import { Icon } from './icons.js';

/** Copies a text and says for a moment that it did. With `children` a button with words. */
export function CopyButton({
  text,
  label,
  children,
}: {
  text: string;
  label: string;
  children?: string;
}) {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), 1500);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = (): void => {
    void copyText(text).then((done) => setState(done ? 'copied' : 'failed'));
  };
  const icon = <Icon name={state === 'copied' ? 'check' : state === 'failed' ? 'warn' : 'copy'} />;
  const said = state === 'copied' ? 'Copied' : state === 'failed' ? 'Copying failed' : null;
  return (
    <>
      {children === undefined ? (
        <IconButton label={said ?? label} icon={icon} onClick={copy} />
      ) : (
        <Button size="small" icon={icon} aria-label={label} onClick={copy}>
          {said ?? children}
        </Button>
      )}
      <span className="visually-hidden" role="status">
        {said}
      </span>
    </>
  );
}

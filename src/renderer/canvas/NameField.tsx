import styles from './canvas.module.css';

/** A name on the canvas while it is typed: Enter and leaving the field keep it, Escape does not. */
export function NameField({
  label,
  name,
  onEnd,
}: {
  label: string;
  name: string;
  /** Told once, with what the name is to be. */
  onEnd: (name: string) => void;
}) {
  return (
    <input
      className={`${styles.nameField} nodrag nopan`}
      aria-label={label}
      defaultValue={name}
      maxLength={200}
      size={Math.max(8, name.length + 1)}
      autoFocus
      onFocus={(event) => event.currentTarget.select()}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Escape') event.currentTarget.value = name;
        if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur();
      }}
      onBlur={(event) => {
        const typed = event.currentTarget.value.trim();
        onEnd(typed === '' ? name : typed);
      }}
    />
  );
}

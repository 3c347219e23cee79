/** A list that is searched in a field: the field keeps the focus and moves through the options (WAI-ARIA combobox). */
import {
  useCallback,
  useId,
  useMemo,
  useState,
  type ComponentProps,
  type KeyboardEvent,
} from 'react';

export interface Options<T> {
  query: string;
  setQuery: (query: string) => void;
  /** What the query finds. */
  shown: readonly T[];
  /** The option that Enter takes. */
  current: T | undefined;
  field: Pick<
    ComponentProps<'input'>,
    | 'role'
    | 'aria-expanded'
    | 'aria-controls'
    | 'aria-autocomplete'
    | 'aria-activedescendant'
    | 'spellCheck'
    | 'value'
    | 'onChange'
    | 'onKeyDown'
  >;
  list: Pick<ComponentProps<'div'>, 'id' | 'role'>;
  option: (
    index: number,
  ) => Pick<ComponentProps<'div'>, 'id' | 'role' | 'aria-selected' | 'onMouseMove' | 'onClick'>;
}

const pageStep = 8;

/**
 * @param search what a query finds; must be stable, it is asked again only when it or the query changes.
 * @param choose told what is taken by Enter or a click.
 */
export function useOptions<T>(
  search: (query: string) => readonly T[],
  choose: (option: T) => void,
): Options<T> {
  const [query, setText] = useState('');
  const [active, setActive] = useState(0);
  const setQuery = useCallback((text: string): void => {
    setText(text);
    setActive(0);
  }, []);
  const listId = useId();
  const shown = useMemo(() => search(query), [search, query]);
  const last = shown.length - 1;
  const at = Math.min(active, last);
  const current = shown[at];
  const optionId = (index: number): string => `${listId}-${index}`;

  const go = (index: number): void => {
    setActive(index);
    document.getElementById(optionId(index))?.scrollIntoView({ block: 'nearest' });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing || current === undefined) return;
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: at === last ? 0 : at + 1,
      ArrowUp: at === 0 ? last : at - 1,
      PageDown: Math.min(last, at + pageStep),
      PageUp: Math.max(0, at - pageStep),
    };
    const next = moves[event.key];
    if (next === undefined && event.key !== 'Enter') return;
    event.preventDefault();
    if (next === undefined) choose(current);
    else go(next);
  };
  return {
    query,
    setQuery,
    shown,
    current,
    field: {
      role: 'combobox',
      'aria-expanded': true,
      'aria-controls': listId,
      'aria-autocomplete': 'list',
      'aria-activedescendant': current === undefined ? undefined : optionId(at),
      spellCheck: false,
      value: query,
      onChange: (event) => setQuery(event.currentTarget.value),
      onKeyDown,
    },
    list: { id: listId, role: 'listbox' },
    option: (index) => ({
      id: optionId(index),
      role: 'option',
      'aria-selected': index === at,
      onMouseMove: () => setActive(index),
      onClick: () => {
        const option = shown[index];
        if (option !== undefined) choose(option);
      },
    }),
  };
}

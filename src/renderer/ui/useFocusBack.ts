import { useLayoutEffect, useState } from 'react';

/** What has the focus; where it is an entry of a menu, which goes away, the button that opened it. */
function focused(): Element | null {
  const { activeElement } = document;
  const opener = activeElement?.closest('[role="menu"]')?.getAttribute('aria-labelledby');
  return opener ? document.getElementById(opener) : activeElement;
}

/** When the component goes, the focus is back where it was before it came. */
export function useFocusBack(): void {
  const [before] = useState(focused);
  useLayoutEffect(
    () => () => {
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    },
    [before],
  );
}

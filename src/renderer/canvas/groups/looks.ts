/** Groups and comments in the minimap: lighter than blocks. */
export const minimapColours = {
  collapsed: 'var(--line-3)',
  frame: 'var(--bg-hover)',
  comment: 'var(--paper-line)',
};

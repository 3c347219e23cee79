/** Reads `great (57)` as the preview writes it; the token itself may hold parentheses. */
export function readStep(text: string): { token: string; id: number | null } {
  const found = /^([\s\S]*) \((\d+)\)$/.exec(text);
  return found === null
    ? { token: text, id: null }
    : { token: found[1] ?? '', id: Number(found[2]) };
}

/** White space has to be seen. */
export const visible = (token: string): string =>
  token.replace(/ /g, '␣').replace(/\n/g, '⏎').replace(/\t/g, '⇥').replace(/\r/g, '␍');

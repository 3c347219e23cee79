/** Who may talk to the browser host: holders of the token, from pages that the host itself served. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIPv4, isIPv6 } from 'node:net';

export const newToken = (): string => randomBytes(24).toString('base64url');

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Takes the same time whatever the difference. */
export const sameToken = (given: string, token: string): boolean =>
  timingSafeEqual(digest(given), digest(token));

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * True where the Host header names this host. Any port is right, so that a port forwarded by ssh works;
 * the name is what counts, because a page of a foreign name that resolves to 127.0.0.1 (DNS rebinding)
 * sends its own name here.
 * @param bound the address the server listens on. Listening on all addresses was asked for explicitly and
 * allows every numeric address besides this machine's name.
 */
export function hostAllowed(header: string | undefined, bound: string, hostname: string): boolean {
  const name = hostName(header);
  if (name === null) return false;
  if (loopback.has(name)) return true;
  if (name === bound.toLowerCase() || name === `[${bound.toLowerCase()}]`) return true;
  if (bound !== '0.0.0.0' && bound !== '::') return false;
  return isIPv4(name) || isIPv6(name.slice(1, -1)) || name === hostname.toLowerCase();
}

function hostName(header: string | undefined): string | null {
  if (header === undefined || !/^[\w.:[\]-]+$/.test(header)) return null;
  try {
    return new URL(`http://${header}`).hostname;
  } catch {
    return null;
  }
}

/**
 * True where the request comes from a page of this very host, or from no page at all: browsers send Origin
 * with every WebSocket, other programs that know the token need none.
 */
export function originAllowed(request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return true;
  try {
    return new URL(origin).host === host?.toLowerCase();
  } catch {
    return false;
  }
}

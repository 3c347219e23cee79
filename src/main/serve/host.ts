/**
 * The browser host: the window's files over HTTP and the studio contract over WebSockets. It listens on
 * 127.0.0.1 unless another address is asked for, and every socket needs the token of the printed URL.
 */
import { existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { hostname as machineName } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import sirv from 'sirv';
import { WebSocketServer } from 'ws';
import { StudioError } from '#shared/errors';
import { importLimitBytes } from '#shared/ipc/studio';
import type { Studio } from '../studio.js';
import { hostAllowed, newToken, originAllowed, sameToken } from './access.js';
import { webSocketPort } from './web-socket-port.js';

/** Taken where no port is asked for; if it is in use, any free one. */
const defaultPort = 8423;

export interface HostOptions {
  studio: Pick<Studio, 'attach'>;
  rendererFolder: string;
  /** 0 is any free port; undefined is the default one, or any free one if that is in use. */
  port?: number;
  /** Address to listen on; 127.0.0.1 where left out. */
  host?: string;
  token?: string;
  log?: (line: string) => void;
}

export interface BrowserHost {
  /** With the token. */
  url: string;
  port: number;
  close(): Promise<void>;
}

/**
 * @throws StudioError `port-in-use`, `port-not-allowed`, `address-not-available`, or `not-built` where the
 * window's files are missing.
 */
export async function startHost(options: HostOptions): Promise<BrowserHost> {
  const { studio, rendererFolder, log = () => {} } = options;
  const host = options.host ?? '127.0.0.1';
  const token = options.token ?? newToken();
  if (!existsSync(join(rendererFolder, 'index.html'))) {
    throw new StudioError(
      'not-built',
      `The studio's window is not built: ${join(rendererFolder, 'index.html')} is missing.`,
      'Run `npm run build`.',
    );
  }
  const allowed = (request: IncomingMessage): boolean =>
    hostAllowed(request.headers.host, host, machineName()) && originAllowed(request);
  const hasToken = (request: IncomingMessage): boolean =>
    sameToken(requestUrl(request).searchParams.get('token') ?? '', token);

  // Files are read at each request, so that a rebuilt window is served; hashed ones never change.
  const files = sirv(rendererFolder, {
    dev: true,
    setHeaders(response, path) {
      if (path.startsWith('/assets/'))
        response.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
    },
  });
  const server = createServer((request, response) => {
    setSecurityHeaders(request, response);
    if (!allowed(request)) return refuse(response, 403, 'This host or origin is not allowed.');
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return refuse(response, 405, 'Only GET.');
    const { pathname } = requestUrl(request);
    if ((pathname === '/' || pathname === '/index.html') && !hasToken(request)) {
      return refuse(
        response,
        403,
        'The token in the address is missing or wrong. Open the whole address that `unroll serve` printed; it changes with every start.',
      );
    }
    files(request, response, () => refuse(response, 404, 'Not found.'));
  });

  // base64 adds a third; the rest is room for the message around it.
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: Math.ceil(importLimitBytes / 3) * 4 + 1024 ** 2,
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    if (!allowed(request) || requestUrl(request).pathname !== '/ws' || !hasToken(request)) {
      log(`refused a socket from ${request.headers.origin ?? 'a program'}`);
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      studio.attach(
        webSocketPort(webSocket, (error) =>
          log(`socket: ${error instanceof Error ? error.message : String(error)}`),
        ),
      );
    });
  });

  const port = await listen(server, host, options.port);
  const shown = host === '0.0.0.0' || host === '::' ? machineName() : host;
  return {
    url: `http://${shown.includes(':') ? `[${shown}]` : shown}:${port}/?token=${token}`,
    port,
    async close() {
      for (const socket of sockets.clients) socket.close(1001, 'the studio is closing');
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      for (const socket of sockets.clients) socket.terminate();
      await closed;
    },
  };
}

const requestUrl = (request: IncomingMessage): URL => {
  try {
    return new URL(request.url ?? '/', 'http://studio');
  } catch {
    return new URL('http://studio/');
  }
};

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`${text}\n`);
}

function setSecurityHeaders(request: IncomingMessage, response: ServerResponse): void {
  const { host = '' } = request.headers;
  // Component libraries set inline styles; Safari's 'self' does not cover ws:.
  const socket = /^[\w.:[\]-]+$/.test(host) ? ` ws://${host}` : '';
  response.setHeader(
    'Content-Security-Policy',
    [
      "default-src 'self'",
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data: blob:",
      "font-src 'self' data:",
      `connect-src 'self'${socket}`,
      "object-src 'none'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
  );
  response.setHeader('X-Content-Type-Options', 'nosniff');
  // The address holds the token.
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
}

async function listen(server: Server, host: string, wanted: number | undefined): Promise<number> {
  const attempt = (port: number): Promise<number> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => {
        server.off('error', reject);
        const address = server.address();
        resolve(address !== null && typeof address === 'object' ? address.port : port);
      });
    });
  try {
    return await attempt(wanted ?? defaultPort);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE') {
      if (wanted === undefined) return attempt(0);
      throw new StudioError(
        'port-in-use',
        `Port ${wanted} on ${host} is in use by another program.`,
        'Choose another one with --port, or --port 0 for any free one.',
      );
    }
    if (code === 'EACCES') {
      throw new StudioError(
        'port-not-allowed',
        `Port ${wanted} may not be used by you.`,
        'Choose one above 1023 with --port.',
      );
    }
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new StudioError(
        'address-not-available',
        `This machine has no address "${host}".`,
        'Leave --host out for 127.0.0.1.',
      );
    }
    throw error;
  }
}

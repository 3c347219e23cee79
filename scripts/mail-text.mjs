// What a person reads of a raw mail: subject and body as plain text. Headers are left out, because in this
// corpus they give the answer away (routes, spam scores, list names).
import { Buffer } from 'node:buffer';
import { TextDecoder } from 'node:util';

/** People's addresses tell nothing about spam, and are not ours to spread. */
const address = /[\w.%+=-]+@[\w-]+(?:\.[\w-]+)+/g;

/** @param {Buffer} raw RFC 822 message @returns {string} subject, newline, body */
export function mailText(raw) {
  const message = raw.toString('latin1').replace(/\r\n?/g, '\n');
  const { headers, body } = splitPart(message.replace(/^From .*\n/, ''));
  const subject = decodeWords(headers.get('subject') ?? '');
  return clean(`${subject}\n${partText(headers, body)}`).replace(address, 'someone@example.com');
}

function splitPart(text) {
  const blank = text.startsWith('\n') ? 0 : text.indexOf('\n\n');
  const head = blank < 0 ? text : text.slice(0, blank);
  const headers = new Map();
  for (const line of head.replace(/\n[ \t]+/g, ' ').split('\n')) {
    const [, name, value] = /^([\w-]+):\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined && !headers.has(name.toLowerCase()))
      headers.set(name.toLowerCase(), value);
  }
  return { headers, body: blank < 0 ? '' : text.slice(blank).replace(/^\n+/, '') };
}

/** The text of a part: of several the first plain one, else the first with any text. */
function partText(headers, body) {
  const type = headers.get('content-type') ?? 'text/plain';
  const boundary = /boundary\s*=\s*(?:"([^"]+)"|([^\s;]+))/i.exec(type);
  if (/^\s*multipart\//i.test(type) && boundary !== null) {
    const mark = `--${boundary[1] ?? boundary[2]}`;
    const parts = `\n${body}`.split(`\n${mark}`).slice(1);
    const texts = parts
      .filter((part) => !part.startsWith('--'))
      .map((part) => splitPart(part.replace(/^[ \t]*\n/, '')))
      .map((part) => ({
        plain: !/html/i.test(part.headers.get('content-type') ?? ''),
        text: partText(part.headers, part.body).trim(),
      }))
      .filter((part) => part.text !== '');
    return (texts.find((part) => part.plain) ?? texts[0])?.text ?? '';
  }
  if (/^\s*message\//i.test(type)) {
    const inner = splitPart(body);
    return partText(inner.headers, inner.body);
  }
  if (!/^\s*text/i.test(type)) return '';
  const bytes = decodeTransfer(headers.get('content-transfer-encoding') ?? '', body);
  const text = decodeCharset(bytes, /charset\s*=\s*"?([\w.-]+)/i.exec(type)?.[1]);
  return /html/i.test(type) || /<html|<body|<table/i.test(text) ? htmlText(text) : text;
}

function decodeTransfer(encoding, body) {
  if (/base64/i.test(encoding)) return Buffer.from(body, 'base64');
  if (/quoted-printable/i.test(encoding)) return quotedPrintable(body.replace(/[ \t]*=\n/g, ''));
  return Buffer.from(body, 'latin1');
}

function quotedPrintable(text) {
  const decoded = text.replace(/=([0-9a-f]{2})/gi, (_, hex) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
  return Buffer.from(decoded, 'latin1');
}

/** UTF-8 where the bytes are valid UTF-8, else the named charset, else Windows-1252. */
function decodeCharset(bytes, charset) {
  for (const [name, fatal] of [
    ['utf-8', true],
    [charset ?? 'windows-1252', true],
    ['windows-1252', false],
  ]) {
    try {
      return new TextDecoder(name, { fatal }).decode(bytes);
    } catch {
      // Unknown name or wrong bytes: the next one.
    }
  }
  return '';
}

/** RFC 2047 words, such as `=?iso-8859-1?Q?caf=E9?=`. */
function decodeWords(text) {
  return text.replace(/=\?([\w.-]+)\?([bq])\?([^?]*)\?=/gi, (_, charset, encoding, word) =>
    decodeCharset(
      encoding.toLowerCase() === 'b'
        ? Buffer.from(word, 'base64')
        : quotedPrintable(word.replaceAll('_', ' ')),
      charset,
    ),
  );
}

const entities = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  copy: '©',
  reg: '®',
};

function htmlText(html) {
  return html
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<(script|style|title)\b[\s\S]*?<\/\1\s*>/gi, ' ')
    .replace(/<(br|p|div|tr|li|h\d|table)\b[^>]*>/gi, '\n')
    .replace(/<\/?[a-z!][^>]*>/gi, ' ')
    .replace(/&(?:#(\d{1,6})|(\w+));?/g, (all, code, name) =>
      code !== undefined ? codePoint(Number(code)) : (entities[name.toLowerCase()] ?? all),
    );
}

function codePoint(code) {
  return code > 31 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
    ? String.fromCodePoint(code)
    : ' ';
}

/** No control characters, no runs of spaces or empty lines; spam uses both as padding. */
function clean(text) {
  return text
    .replace(/[^\P{C}\n\t]/gu, '')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** Numbers as people read them: grouped, with their unit, in tabular figures. */

const grouped = new Intl.NumberFormat('en-US');

/** `1,019,394`. */
export const formatCount = (value: number): string => grouped.format(value);

/** Three significant digits with a decimal prefix: `21.9 M`, `15.7 k`, `812`. */
export function formatQuantity(value: number): string {
  const prefixes = ['', 'k', 'M', 'G', 'T', 'P'];
  let scaled = value;
  let index = 0;
  while (Math.abs(scaled) >= 999.5 && index < prefixes.length - 1) {
    scaled /= 1000;
    index += 1;
  }
  if (index === 0) return grouped.format(Math.round(Number(value.toPrecision(3)) * 100) / 100);
  return `${scaled.toPrecision(3)} ${prefixes[index]}`;
}

/** Decimal bytes: `27.3 MB`. */
export function formatBytes(bytes: number): string {
  const text = formatQuantity(bytes);
  return /[kMGTP]$/.test(text) ? `${text}B` : `${text} B`;
}

/** `19 %`; a share that is not zero never shows as `0 %`. */
export function formatShare(share: number): string {
  if (share > 0 && share < 0.005) return '<1 %';
  return `${Math.round(share * 100)} %`;
}

export const missing = '–';
const minus = '−';

const signed = (value: number, text: string): string => (value < 0 ? `${minus}${text}` : text);

/** `00:42`, `12:05`, `1:05:12`; null is a dash. @param seconds rounded down. */
export function formatClock(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds) || seconds < 0) return missing;
  const total = Math.floor(seconds);
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(total % 60)}`
    : `${two(minutes)}:${two(total % 60)}`;
}

/** In words: `11 s`, `4 min 12 s`, `1 h 5 min`. @param seconds rounded. */
export function formatDuration(seconds: number): string {
  const total = Math.round(seconds);
  const [hours, minutes] = [Math.floor(total / 3600), Math.floor((total % 3600) / 60)];
  if (hours > 0) return `${formatCount(hours)} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${total % 60} s` : `${total} s`;
}

/** Short and long times alike: `0.8 ms`, `98 ms`, `1.4 s`, `12 s`, `4 min 12 s`. */
export function formatTime(seconds: number): string {
  if (seconds >= 59.5) return formatDuration(seconds);
  if (seconds >= 9.95) return `${Math.round(seconds)} s`;
  if (seconds >= 0.9995) return `${seconds.toFixed(1)} s`;
  const milliseconds = seconds * 1000;
  return `${milliseconds >= 9.95 ? Math.round(milliseconds) : milliseconds.toFixed(1)} ms`;
}

/** `91.0 %` from a share in [0, 1]. */
export function formatPercent(share: number | null, digits = 1): string {
  if (share === null || !Number.isFinite(share)) return missing;
  return `${signed(share, (Math.abs(share) * 100).toFixed(digits))} %`;
}

/** Losses, norms and errors: three significant digits at least, `0.269`, `1.84`, `1,204`, `3.2e-5`. */
export function formatScore(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return missing;
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 0.001) return formatSmall(value);
  if (size >= 1000) return signed(value, formatCount(Math.round(size)));
  return signed(value, size.toFixed(size >= 100 ? 1 : size >= 10 ? 2 : 3));
}

/** Learning rates: `0.01`, `7.8e-4`. */
export function formatSmall(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return missing;
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 0.01) return signed(value, String(Number(size.toPrecision(3))));
  const [mantissa, exponent] = size.toExponential(1).split('e');
  return signed(value, `${(mantissa ?? '').replace(/\.0$/, '')}e${exponent}`);
}

const timeOfDay = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const dayOfYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const dayAndYear = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});

/** `14:02` today, `12 Mar 14:02` this year, else with the year; local time. */
export function formatMoment(iso: string, now: Date = new Date()): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return missing;
  const time = timeOfDay.format(date);
  if (date.toDateString() === now.toDateString()) return time;
  const day = date.getFullYear() === now.getFullYear() ? dayOfYear : dayAndYear;
  return `${day.format(date)} ${time}`;
}

/** `1 row`, `3,000 rows`. */
export function formatPlural(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}

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
  if (index === 0) return grouped.format(Math.round(value * 100) / 100);
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

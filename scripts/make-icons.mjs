/**
 * Draws resources/icons/icon.svg (32 pixels and less: icon-small.svg) as PNGs, `icon.ico` and `icon.icns`,
 * with Chromium. Run it after the drawing was changed; its results are part of the repository.
 */
import { Buffer } from 'node:buffer';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { ensureChromium } from './browser.mjs';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'resources', 'icons');
const sizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024];
/** Kept as files of their own: `icon.png` is the window's, the others are for Linux packages. */
const kept = [16, 32, 48, 64, 128, 256, 512, 1024];

/** @returns {Promise<Map<number, Buffer>>} a PNG with transparent corners for each size. */
async function draw() {
  const browser = await chromium.launch({
    executablePath: ensureChromium(),
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  const images = new Map();
  try {
    for (const size of sizes) {
      const svg = readFileSync(join(folder, size <= 32 ? 'icon-small.svg' : 'icon.svg'), 'utf8');
      const page = await browser.newPage({ viewport: { width: size, height: size } });
      await page.setContent(
        `<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`,
      );
      images.set(size, await page.screenshot({ omitBackground: true }));
      await page.close();
    }
  } finally {
    await browser.close();
  }
  return images;
}

/** An .ico of PNGs: a directory of 16 bytes an image, then the images. */
function ico(images) {
  const header = Buffer.alloc(6 + 16 * images.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(images.length, 4);
  let offset = header.length;
  images.forEach(([size, png], index) => {
    const at = 6 + 16 * index;
    // 0 means 256.
    header.writeUInt8(size % 256, at);
    header.writeUInt8(size % 256, at + 1);
    header.writeUInt16LE(1, at + 4);
    header.writeUInt16LE(32, at + 6);
    header.writeUInt32LE(png.length, at + 8);
    header.writeUInt32LE(offset, at + 12);
    offset += png.length;
  });
  return Buffer.concat([header, ...images.map(([, png]) => png)]);
}

/** An .icns of PNGs: each after its four-letter type and its length, which counts these eight bytes. */
function icns(images) {
  const chunk = (type, content) => {
    const head = Buffer.alloc(8);
    head.write(type, 'latin1');
    head.writeUInt32BE(content.length + 8, 4);
    return Buffer.concat([head, content]);
  };
  return chunk('icns', Buffer.concat(images.map(([type, png]) => chunk(type, png))));
}

const images = await draw();
const of = (size) => images.get(size);
for (const size of kept) writeFileSync(join(folder, `${size}x${size}.png`), of(size));
writeFileSync(join(folder, 'icon.png'), of(512));
writeFileSync(
  join(folder, 'icon.ico'),
  ico([16, 24, 32, 48, 64, 128, 256].map((size) => [size, of(size)])),
);
writeFileSync(
  join(folder, 'icon.icns'),
  icns([
    ['icp4', of(16)],
    ['icp5', of(32)],
    ['ic11', of(32)],
    ['ic12', of(64)],
    ['ic07', of(128)],
    ['ic08', of(256)],
    ['ic13', of(256)],
    ['ic09', of(512)],
    ['ic14', of(512)],
    ['ic10', of(1024)],
  ]),
);
console.log(`Icons of ${kept.join(', ')} pixels, icon.ico and icon.icns are in ${folder}.`);

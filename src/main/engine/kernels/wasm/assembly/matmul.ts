/**
 * c[batch] = a[batch] · b[batch] for row-major matrices, each given by its strides, so that a transposed
 * operand costs no copy. Rows of a are the lanes of panels, columns of b the tiles of `product.ts`; both
 * are packed a block at a time into this share's scratch, which fits a core's second cache.
 * A sum runs over the whole depth in order: results don't depend on the tile or on the shares.
 */
import { gather, scatter } from './panels';
import { multiplyPanels, pack } from './product';
import { ROW } from './run';

/** A block: of the sums, of b's columns (whole tiles of 4 and of 6), of a's panels. */
const DEPTH: i32 = 256;
const COLUMNS: i32 = 240;
const PANELS: i32 = 16;
/** Panels that stay in the first cache while all tiles go by. */
const NEAR: i32 = 4;
/** A tile may overrun its columns. */
const OUT_ROWS: i32 = COLUMNS + 8;

const OUT: usize = usize(OUT_ROWS) * ROW;
const PANEL: usize = usize(DEPTH) * ROW;

let batches: i32 = 0;
let rows: i32 = 0;
let columns: i32 = 0;
let depth: i32 = 0;
let a: usize = 0;
let aBatch: usize = 0;
let aRow: usize = 0;
let aDepth: usize = 0;
let b: usize = 0;
let bBatch: usize = 0;
let bDepth: usize = 0;
let bColumn: usize = 0;
let c: usize = 0;
let tileRows: i32 = 0;

/** In this share's scratch. */
let rowTable: usize = 0;
let panelTable: usize = 0;
let outTable: usize = 0;
let zeroRow: usize = 0;
let wasteRow: usize = 0;
let panelsAt: usize = 0;
let outsAt: usize = 0;
let tilesAt: usize = 0;

/** Bytes of scratch that a share needs. */
export function matMulScratch(): usize {
  const tables: usize = 32 + 8 * usize(PANELS);
  const edges: usize = usize(DEPTH + COLUMNS) << 2;
  const tiles: usize = usize(COLUMNS * DEPTH) << 2;
  return ((tables + edges + 63) & ~63) + usize(PANELS) * (PANEL + OUT) + tiles + 64;
}

/** The job's fields are those in ../matmul.ts, in order, i32 each; strides in bytes. */
function readJob(job: usize, share: i32): void {
  batches = load<i32>(job);
  rows = load<i32>(job, 4);
  columns = load<i32>(job, 8);
  depth = load<i32>(job, 12);
  a = load<usize>(job, 16);
  aBatch = load<usize>(job, 20);
  aRow = load<usize>(job, 24);
  aDepth = load<usize>(job, 28);
  b = load<usize>(job, 32);
  bBatch = load<usize>(job, 36);
  bDepth = load<usize>(job, 40);
  bColumn = load<usize>(job, 44);
  c = load<usize>(job, 48);
  tileRows = load<i32>(job, 52);
  rowTable = load<usize>(job, 60) + usize(share) * matMulScratch();
  panelTable = rowTable + 32;
  outTable = panelTable + 4 * usize(PANELS);
  zeroRow = outTable + 4 * usize(PANELS);
  wasteRow = zeroRow + (usize(DEPTH) << 2);
  panelsAt = (wasteRow + (usize(COLUMNS) << 2) + 63) & ~63;
  outsAt = panelsAt + usize(PANELS) * PANEL;
  tilesAt = outsAt + usize(PANELS) * OUT;
  memory.fill(zeroRow, 0, usize(DEPTH) << 2);
  for (let i: usize = 0; i < usize(PANELS); i++) {
    store<usize>(panelTable + (i << 2), panelsAt + i * PANEL);
    store<usize>(outTable + (i << 2), outsAt + i * OUT);
  }
}

/** Rows 8·panel… of a, `count` values from `from` on, as a panel. */
function packPanel(to: usize, matrix: usize, panel: i32, from: i32, count: i32): void {
  const first = matrix + usize(panel * 8) * aRow + usize(from) * aDepth;
  const real = min(8, rows - panel * 8);
  if (aDepth === 4) {
    for (let i = 0; i < 8; i++) {
      store<usize>(rowTable + (usize(i) << 2), i < real ? first + usize(i) * aRow : zeroRow);
    }
    gather(to, rowTable, count, 0, false);
    return;
  }
  let at = first;
  for (let k = 0; k < count; k++) {
    if (real === 8) {
      v128.store(to, v128.load(at));
      v128.store(to, v128.load(at, 16), 16);
    } else {
      for (let i: usize = 0; i < 8; i++) {
        store<f32>(to + (i << 2), i < usize(real) ? load<f32>(at + (i << 2)) : 0);
      }
    }
    to += ROW;
    at += aDepth;
  }
}

/** Panels `panel`…`end` of one batch, columns `column`…`lastColumn`. */
function block(batch: i32, panel: i32, end: i32, column: i32, lastColumn: i32): void {
  const width = lastColumn - column;
  const left = a + usize(batch) * aBatch;
  const right = b + usize(batch) * bBatch + usize(column) * bColumn;
  for (let from = 0; from < depth; from += DEPTH) {
    const count = min(DEPTH, depth - from);
    // The last block's tiles serve the next panels too where there is but one.
    if (from > 0 || depth > DEPTH || packedFor !== right) {
      pack(
        tilesAt,
        tileRows,
        width,
        count,
        0,
        count,
        right + usize(from) * bDepth,
        bColumn,
        bDepth,
        0,
        1,
      );
      packedFor = right;
    }
    for (let near = panel; near < end; near += NEAR) {
      const some = min(NEAR, end - near);
      const offset = usize(near - panel) << 2;
      for (let i = 0; i < some; i++) {
        packPanel(load<usize>(panelTable + offset + (usize(i) << 2)), left, near + i, from, count);
      }
      multiplyPanels(
        tilesAt,
        tileRows,
        width,
        count,
        some,
        panelTable + offset,
        0,
        outTable + offset,
        0,
        from > 0,
      );
    }
  }
  const stride = usize(columns) << 2;
  const out = c + usize(batch * rows) * stride + (usize(column) << 2);
  for (let i = panel; i < end; i++) {
    for (let lane = 0; lane < 8; lane++) {
      const row = i * 8 + lane;
      store<usize>(
        rowTable + (usize(lane) << 2),
        row < rows ? out + usize(row) * stride : wasteRow,
      );
    }
    scatter(load<usize>(outTable + (usize(i - panel) << 2)), rowTable, width, 0);
  }
}

/** The columns of b whose tiles lie in the scratch. */
let packedFor: usize = 0;

/** Panels `first`…`last` of all batches in a row, columns `column`…`lastColumn`. */
function area(first: i32, last: i32, column: i32, lastColumn: i32): void {
  const panels = (rows + 7) >> 3;
  for (; column < lastColumn; column += COLUMNS) {
    packedFor = 0;
    const end = min(lastColumn, column + COLUMNS);
    for (let at = first; at < last;) {
      const batch = at / panels;
      const panel = at - batch * panels;
      const count = min(PANELS, min(panels - panel, last - at));
      block(batch, panel, panel + count, column, end);
      at += count;
    }
  }
}

/** Share s takes a range of the panels of all batches, or of the columns. */
export function matMul(job: usize, share: i32, shares: i32): void {
  readJob(job, share);
  const panels = batches * ((rows + 7) >> 3);
  if (load<i32>(job, 56) === 0) {
    area((panels * share) / shares, (panels * (share + 1)) / shares, 0, columns);
    return;
  }
  const tiles = (columns + tileRows - 1) / tileRows;
  const first = ((tiles * share) / shares) * tileRows;
  const last = min(columns, ((tiles * (share + 1)) / shares) * tileRows);
  area(0, panels, first, last);
}

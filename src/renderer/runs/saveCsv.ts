import { runsCsv } from '#shared/run/csv';
import type { RunRow } from '#shared/run/rows';
import { downloadText } from '../ui/files.js';

export const saveCsv = (rows: readonly RunRow[]): void => downloadText('runs.csv', runsCsv(rows));

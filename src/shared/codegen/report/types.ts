/** What a report is made from. */
import type { DataFacts, DataPreview } from '../../data/facts.js';
import type { Preprocessing } from '../../data/preprocessing.js';
import type { ProjectDocument } from '../../graph/document.js';
import type { IrHead } from '../../ir/types.js';
import type { RunEvent, RunSummary } from '../../run/events.js';
import type { RunRecords } from '../../run/records.js';
import type { Results } from '../../run/results.js';

export interface ReportInput {
  /** Its training recipe is the run's own. */
  document: ProjectDocument;
  facts: DataFacts;
  preprocessing: Preprocessing;
  loss: IrHead['loss'];
  run: {
    id: string;
    /** ISO 8601, and the studio's version. */
    created: string;
    studioVersion: string;
  };
  /** Null where the log holds none. */
  started: Extract<RunEvent, { type: 'started' }> | null;
  /** Null while the run is not done. */
  summary: RunSummary | null;
  records: RunRecords;
  /** The data as they are now; null where they can't be read. */
  data: DataPreview | null;
  /** What the network says of the test part; null where there is none. */
  results: Results | null;
  environment: Environment;
}

/** Where the report was made, which is where the run was trained unless it was moved. */
export interface Environment {
  system: string;
  processor: string;
  cores: number;
  memoryBytes: number;
  node: string;
  tensorflowJs: string;
  /** ISO 8601. */
  date: string;
}

export type { ClassResults, ForecastResults, Results, TextResults } from '../../run/results.js';

/** Of one run, from top to bottom. Texts are plain: who writes them down escapes them. */
export interface Report {
  title: string;
  subtitle: string;
  description: string;
  readouts: { label: string; value: string; note: string }[];
  sections: { title: string; blocks: ReportBlock[] }[];
}

export type ReportBlock =
  | { kind: 'text'; text: string }
  | { kind: 'facts'; rows: [label: string, value: string][] }
  | { kind: 'table'; title: string; columns: ReportColumn[]; rows: string[][] }
  /** Counts with the labels of their rows and columns; shaded by their share of the row. */
  | { kind: 'matrix'; title: string; labels: string[]; counts: number[][] }
  /** `name` is its file's; the title may be empty. */
  | { kind: 'figure'; name: string; title: string; alt: string; svg: string }
  | { kind: 'sample'; title: string; prompt: string; text: string };

export interface ReportColumn {
  title: string;
  numeric?: boolean;
}

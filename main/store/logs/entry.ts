import type { LogLine } from '../../../domain/contract/hq.ts';

/** One line of the log as it rests: redacted before it came here. */
export interface LogDraft extends LogLine {
  /** Which part of the kiosk says it: "payments", "printing", "sync". */
  readonly source: string;
  /** What happened, as a short name. */
  readonly event?: string;
  readonly orderId?: string;
}

/** Lines that belong together, and a name by which a batch that comes twice counts once. */
export interface LogBatch {
  readonly name: string;
  readonly lines: readonly LogDraft[];
}

export interface LogLimits {
  readonly maxEntries: number;
  /** Of the database file and its write-ahead log together. */
  readonly maxBytes: number;
}

export interface StoredEntry {
  readonly id: number;
  readonly at: number;
  readonly level: LogLine['level'];
  readonly source: string;
  readonly event: string | null;
  readonly code: string | null;
  readonly orderId: string | null;
  readonly message: string;
  /** JSON of the fields, or nothing. */
  readonly fields: string | null;
}

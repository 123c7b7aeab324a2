import type { Machine } from '../hardware/sim/escpos-printer/sensors.ts';
import type { BookEntry } from '../hardware/sim/zvt-terminal/book.ts';
import type { TerminalPhase } from '../hardware/sim/zvt-terminal/display.ts';

/** What the window shows, and `GET /api/state` answers. Shared by server and page as types alone. */
export interface WorkbenchState {
  readonly lines: LineKind;
  readonly printer: PrinterView;
  readonly terminal: TerminalView;
  readonly scanner: ScannerView;
}

export interface ScannerView {
  readonly path: string;
  readonly cable: 'in' | 'out';
  /** It looks for a code. */
  readonly lit: boolean;
  /** How many codes it has beeped at. */
  readonly beeps: number;
}

/** `socket` where socat is missing. */
export type LineKind = 'serial' | 'socket';

export interface PrinterView {
  /** What goes into the kiosk's configuration. */
  readonly path: string;
  readonly cable: 'in' | 'out';
  readonly machine: Machine;
  /** Finished slips since the start, those torn off included. `/api/slips/0.svg` is the oldest. */
  readonly slips: number;
  /** Slips that hang in the tray, newest first. */
  readonly tray: readonly SlipView[];
  /** Changes whenever the unfinished paper does; undefined while there is none. */
  readonly current: string | undefined;
  readonly bytesReceived: number;
  readonly bytesWaiting: number;
  /** What the printer did not understand, newest first, the last few of them. */
  readonly faults: readonly string[];
  readonly faultCount: number;
  /** Steps of its fault script that are still to come. */
  readonly scriptLeft: number;
}

export interface SlipView {
  readonly index: number;
  /** Never given to another slip, unlike the index. */
  readonly id: number;
}

export interface TerminalView {
  readonly path: string;
  readonly cable: 'in' | 'out';
  /** What it is at: `present_card` takes a card. */
  readonly state: TerminalPhase;
  /** Its own display: two lines in each language. */
  readonly display: { readonly zh: readonly string[]; readonly en: readonly string[] };
  /** It swallows everything and answers nothing. */
  readonly silent: boolean;
  /** The next card will be declined. */
  readonly declinesNext: boolean;
  /** How many transactions its own book holds. */
  readonly booked: number;
  /** The newest of them, newest first. */
  readonly book: readonly BookEntry[];
  readonly scriptLeft: number;
}

import type { RefusedReason } from '../../codec/scanner/reader.ts';

/** `detail` is for the log and for staff. */
export type ScannerState =
  /** Its line has not been opened yet. */
  | { readonly kind: 'starting' }
  /** It is there. Lit, it looks for a code; otherwise it is dark because nobody wants one. */
  | { readonly kind: 'ready'; readonly lit: boolean }
  /** Its line is open, but it does not answer: without power, at another baud rate, or hung. It is asked on and on. */
  | { readonly kind: 'no_answer'; readonly detail: string }
  /** Its line cannot be opened; this is tried on and on. */
  | { readonly kind: 'unplugged'; readonly detail: string };

export interface Scanner {
  state(): ScannerState;
  /** After each change. Returns the unsubscribe function, as all of these do. */
  onState(listener: (state: ScannerState) => void): () => void;
  /** Each code once, as text without its suffix. It may be a secret: it is not logged and not kept. */
  onCode(listener: (text: string) => void): () => void;
  /** Something came that is no code. It is not told what. */
  onRefused(listener: (reason: RefusedReason) => void): () => void;
  /** Whether somebody could use a code now. Remembered while the scanner is away. */
  want(wanted: boolean): void;
  /** Puts the light out and lets the line go. Never hangs. */
  close(): Promise<void>;
}

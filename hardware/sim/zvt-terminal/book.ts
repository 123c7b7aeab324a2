/** One transaction as the terminal itself has booked it. */
export interface BookEntry {
  /** Four digits. */
  readonly receiptNumber: string;
  /** Six digits. */
  readonly traceNumber: string;
  /** Minor units. */
  readonly amount: number;
  /** ISO 4217 number, "0156". */
  readonly currency: string;
  /**
   * `authorised`: the bank said yes, the kiosk has not acknowledged it yet. `approved`: final, the money moves.
   * `reversed`: authorised and taken back. `reversal`: the taking back, booked as a transaction of its own.
   */
  readonly state: 'authorised' | 'approved' | 'declined' | 'reversed' | 'reversal';
  /** Two hex digits. */
  readonly resultCode: string;
  /** Why it is not approved. */
  readonly reason?: string;
  readonly time: number;
}

export interface Book {
  entries(): readonly BookEntry[];
  begin(entry: Pick<BookEntry, 'amount' | 'currency' | 'state' | 'resultCode' | 'time'>): BookEntry;
  /** By receipt number. */
  change(receiptNumber: string, change: Pick<BookEntry, 'state'> & Partial<Pick<BookEntry, 'resultCode' | 'reason'>>): void;
  /** What 06 20 repeats: the last one that a receipt exists for. */
  last(): BookEntry | undefined;
}

export function createBook(firstNumber: number): Book {
  const entries: BookEntry[] = [];
  return {
    entries: () => [...entries],
    begin(entry) {
      const number = firstNumber + entries.length;
      const begun = { ...entry, receiptNumber: String(number % 10_000).padStart(4, '0'), traceNumber: String(number % 1_000_000).padStart(6, '0') };
      entries.push(begun);
      return begun;
    },
    change(receiptNumber, change) {
      const at = entries.findIndex((entry) => entry.receiptNumber === receiptNumber);
      const entry = entries[at];
      if (entry) entries[at] = { ...entry, ...change };
    },
    last: () => entries.findLast((entry) => entry.state === 'approved' || entry.state === 'reversed' || entry.state === 'reversal'),
  };
}

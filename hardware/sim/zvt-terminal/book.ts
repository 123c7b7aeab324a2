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
   * `reversed`: authorised or approved, and taken back. `reversal`: the taking back, booked as a transaction of its own.
   * `refund`: final, money given to a card without a purchase.
   */
  readonly state: 'authorised' | 'approved' | 'declined' | 'reversed' | 'reversal' | 'refund';
  /** Two hex digits. */
  readonly resultCode: string;
  /** Why it is not approved, or who asked for it where that was not the kiosk. */
  readonly reason?: string;
  readonly time: number;
  /** Of a reversal: the trace number of what it takes back, where this terminal names it. */
  readonly originalTraceNumber?: string;
  /** Counted from 0; an end of day begins the next. */
  readonly day: number;
}

export interface DayTotals {
  /** Minor units: purchases less refunds. */
  readonly total: number;
  readonly count: number;
  readonly fromReceipt: string;
  readonly toReceipt: string;
}

export interface Book {
  entries(): readonly BookEntry[];
  begin(entry: Pick<BookEntry, 'amount' | 'currency' | 'state' | 'resultCode' | 'time'> & Pick<Partial<BookEntry>, 'reason' | 'originalTraceNumber'>): BookEntry;
  /** By receipt number: the last that has it. */
  change(receiptNumber: string, change: Pick<BookEntry, 'state'> & Partial<Pick<BookEntry, 'resultCode' | 'reason'>>): void;
  find(receiptNumber: string): BookEntry | undefined;
  /** What 06 20 repeats: the last one that a receipt exists for. */
  last(): BookEntry | undefined;
  /** Of the day that is not closed yet. */
  totals(): DayTotals;
  /** What was booked until now can no more be reversed. */
  closeDay(): void;
  isClosed(entry: BookEntry): boolean;
}

const withReceipt: readonly BookEntry['state'][] = ['approved', 'reversed', 'reversal', 'refund'];

export function createBook(firstNumber: number): Book {
  const entries: BookEntry[] = [];
  let day = 0;
  const indexOf = (receiptNumber: string) => entries.findLastIndex((entry) => entry.receiptNumber === receiptNumber);

  return {
    entries: () => [...entries],
    begin(entry) {
      const number = firstNumber + entries.length;
      const begun = { ...entry, day, receiptNumber: String(number % 10_000).padStart(4, '0'), traceNumber: String(number % 1_000_000).padStart(6, '0') };
      entries.push(begun);
      return begun;
    },
    change(receiptNumber, change) {
      const at = indexOf(receiptNumber);
      const entry = entries[at];
      if (entry) entries[at] = { ...entry, ...change };
    },
    find: (receiptNumber) => entries[indexOf(receiptNumber)],
    last: () => entries.findLast((entry) => withReceipt.includes(entry.state)),
    totals() {
      const counted = entries.filter((entry) => entry.day === day && (entry.state === 'approved' || entry.state === 'refund'));
      return {
        total: counted.reduce((sum, { amount, state }) => sum + (state === 'refund' ? -amount : amount), 0),
        count: counted.length,
        fromReceipt: counted[0]?.receiptNumber ?? '0000',
        toReceipt: counted.at(-1)?.receiptNumber ?? '0000',
      };
    },
    closeDay() {
      day += 1;
    },
    isClosed: (entry) => entry.day < day,
  };
}

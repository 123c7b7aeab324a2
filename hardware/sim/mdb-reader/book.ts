/** One vend as the reader itself has booked it. */
export interface VendEntry {
  readonly number: number;
  /** In the last digit of the price on the line: cents where the reader has two decimals. */
  readonly amount: number;
  readonly product: number;
  /**
   * `held`: approved, and neither ended nor given back yet. `paid`: final, the money moves. `given_back`: approved, and undone.
   * `denied`: no money moved, whoever stopped it.
   */
  readonly state: 'held' | 'paid' | 'given_back' | 'denied';
  /** What made it so: "D,END", "reset", "card timeout". */
  readonly reason: string;
  readonly time: number;
}

export interface VendBook {
  entries(): readonly VendEntry[];
  begin(entry: Omit<VendEntry, 'number'>): void;
  held(): VendEntry | undefined;
  /** Settles the vend that is held, where there is one. */
  settle(state: 'paid' | 'given_back', reason: string): boolean;
}

export function createVendBook(): VendBook {
  const entries: VendEntry[] = [];
  return {
    entries: () => [...entries],
    begin: (entry) => void entries.push({ ...entry, number: entries.length + 1 }),
    held: () => entries.find((entry) => entry.state === 'held'),
    settle(state, reason) {
      const at = entries.findIndex((entry) => entry.state === 'held');
      const entry = entries[at];
      if (!entry) return false;
      entries[at] = { ...entry, state, reason };
      return true;
    },
  };
}

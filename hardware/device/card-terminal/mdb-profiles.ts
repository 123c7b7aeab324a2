import type { ReaderScale } from '../../codec/qibixx/amount.ts';

/** How one make of cashless reader, or of interface, deviates, as data. Times are in milliseconds. */
export interface MdbProfile extends ReaderScale {
  readonly name: string;
  /** Of RS-232; an interface on USB takes any. */
  readonly baudRate: number;
  /** Item number of every purchase. Readers show it in their reports; some take 0 to 255 only. */
  readonly product: number;
  /** The reader shows "not in service" between two purchases, instead of asking for a card that buys nothing. */
  readonly armedOnlyForPurchase: boolean;
  /**
   * The interface answers D,STATUS. Without it a lost line cannot be asked for again, and a purchase that an earlier
   * process left open is not found.
   */
  readonly statusQuery: boolean;
  /**
   * What was approved and never ended is given back by the reader, whatever became of the line. MDB/ICP 4.2, 7.4.7 says the
   * contrary of a reset (it counts as a success), so that only a maker's word or a trial with the very reader makes it true.
   */
  readonly unendedAreRefunded: boolean;
  /** From a command to its answer. */
  readonly answerMs: number;
  /** From D,2 to the reader's INIT. */
  readonly initMs: number;
  /** How long a card is waited for; then the request is called off. */
  readonly vendMs: number;
  /** Between two D,STATUS while a card is waited for; a line that was lost is found by it. */
  readonly pollMs: number;
  /** How long `onApproved` may take before the approval is refused. */
  readonly commitMs: number;
  /** How long the goods may take to come out. Below the time after which the reader gives the vend up by itself. */
  readonly releaseMs: number;
  /** Between two D,STATUS while nothing else is going on; 0 asks never. */
  readonly heartbeatMs: number;
  /** Waits between attempts to open or to start: the last one goes on for ever. */
  readonly reconnectMs: readonly number[];
  /** How long `lastTransaction` waits for the reader to be there and ready. */
  readonly readyTimeoutMs: number;
}

/** As the maker documents it, at a reader that counts in cents. */
export const documented: MdbProfile = {
  name: 'MDB cashless, selection first',
  baudRate: 115_200,
  currency: 'CNY',
  decimals: 2,
  scaleFactor: 1,
  amountBits: 16,
  product: 1,
  armedOnlyForPurchase: false,
  statusQuery: true,
  unendedAreRefunded: false,
  answerMs: 2_000,
  initMs: 15_000,
  vendMs: 120_000,
  pollMs: 5_000,
  commitMs: 3_000,
  releaseMs: 45_000,
  heartbeatMs: 10_000,
  reconnectMs: [250, 500, 1_000, 2_000, 3_000],
  readyTimeoutMs: 30_000,
};

export const mdbProfiles = {
  documented,
  /** Readers that invite to tap while nothing is for sale. */
  armed_for_purchase: { ...documented, name: 'MDB cashless, armed for a purchase only', armedOnlyForPurchase: true },
  /** Firmware without D,STATUS: what cannot be asked stays unknown. */
  no_status: { ...documented, name: 'MDB cashless without D,STATUS', statusQuery: false, heartbeatMs: 30_000 },
} as const satisfies Record<string, MdbProfile>;

export type MdbProfileName = keyof typeof mdbProfiles;

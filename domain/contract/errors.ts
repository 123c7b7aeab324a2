/**
 * The one registry of error codes. Each is said once, clearly, with its code; engineers read them, customers never do.
 * `selling` says whether the kiosk sells on.
 */
export const errorRegistry = {
  CONFIG_UNREADABLE: { selling: false, text: 'The configuration file cannot be read.' },
  CONFIG_INVALID: { selling: false, text: 'The configuration file breaks its schema.' },
  CATALOGUE_UNREADABLE: { selling: true, text: 'The catalogue file cannot be read; the last good catalogue stays.' },
  CATALOGUE_INVALID: { selling: true, text: 'The catalogue file breaks its schema; the last good catalogue stays.' },
  CATALOGUE_MISSING: { selling: false, text: 'There is no catalogue: neither a good file nor an earlier one in the store.' },
  KEY_UNAVAILABLE: { selling: false, text: 'No key provider can give the key of the store.' },
  KEY_PROVIDER_CHANGED: { selling: false, text: 'The store was created with the key of another provider.' },
  STORE_KEY_REJECTED: { selling: false, text: 'The store cannot be opened with this key, or is no database. It was left untouched.' },
  STORE_MISSING: { selling: false, text: 'There was a store here, and its database is gone or empty: put it back, or remove the whole store folder to begin anew.' },
  STORE_NOT_DURABLE: { selling: false, text: 'The store could not be set to WAL with synchronous FULL; an order could be lost in a power cut.' },
  STORE_TOO_NEW: { selling: false, text: 'The store was written by a newer Counter24.' },
  STORE_FAILED: { selling: false, text: 'The store could not be opened or written.' },
  STORE_IN_USE: { selling: false, text: 'Another Counter24 has this store open.' },
  CONTRACT_MALFORMED: { selling: true, text: 'A call over the border does not have the shape of the contract.' },
  CONTRACT_UNKNOWN_METHOD: { selling: true, text: 'A call over the border names no method of the contract.' },
  ORDER_UNKNOWN: { selling: true, text: 'There is no such order.' },
  ORDER_NOT_PAYABLE: { selling: true, text: 'The order is not in a state in which it can be paid.' },
  ORDER_NOT_CANCELLABLE: { selling: true, text: 'The order is not in a state in which it can be cancelled.' },
  PAYMENT_BUSY: { selling: true, text: 'Another payment is under way.' },
  PAYMENT_UNSETTLED: { selling: true, text: 'An earlier payment is unsettled; until the terminal has answered, no purchase is sent.' },
  PRINTER_NEEDED: { selling: true, text: 'The card terminal has its receipts printed by the kiosk, and the printer cannot print.' },
  ORDER_NOT_PAID: { selling: true, text: 'The order is not paid, so there is no receipt to print and nothing to give back.' },
  DEVICE_CANNOT: { selling: true, text: 'The device cannot do this, or not now.' },
  ATTENTION_UNKNOWN: { selling: true, text: 'There is no such thing on the list, or it has been decided.' },
  DECISION_NOT_ALLOWED: { selling: true, text: 'This cannot be decided about it.' },
  OUT_OF_SERVICE: { selling: false, text: 'The kiosk is out of service.' },
  INTERNAL: { selling: true, text: 'A bug: something threw that should not.' },
  HQ_BATCH_MALFORMED: { selling: true, text: 'A batch does not have the shape of the contract.' },
  HQ_UNKNOWN_KIOSK: { selling: true, text: 'HQ does not know this kiosk or its token.' },
  HQ_SEQUENCE_GAP: { selling: true, text: 'A batch does not follow on what HQ has.' },
  HQ_EVENT_CONFLICT: { selling: true, text: 'An event came again with other contents.' },
  HQ_NOT_FOUND: { selling: true, text: 'There is no such thing at HQ.' },
  HQ_REWOUND: { selling: true, text: 'HQ has less than it had: what it lacks is sent again.' },
  HQ_UNAVAILABLE: { selling: true, text: 'HQ cannot be reached or cannot answer now.' },
} as const satisfies Record<string, { selling: boolean; text: string }>;

export type ErrorCode = keyof typeof errorRegistry;

/** One error as it crosses a border or stands in a log line. `detail` is for engineers and holds no customer's data. */
export interface CodedError {
  readonly code: ErrorCode;
  readonly detail: string;
}

export function codedError(code: ErrorCode, detail = ''): CodedError {
  return { code, detail };
}

/** "CONFIG_INVALID: The configuration file breaks its schema. (hq.url: Invalid URL)" */
export function describeError({ code, detail }: CodedError): string {
  return `${code}: ${errorRegistry[code].text}${detail ? ` (${detail})` : ''}`;
}

/** What was thrown, as words for a log. */
export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

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
  STORE_DAMAGED: { selling: false, text: 'The store is damaged, and there is no good copy to go back to. It was left untouched.' },
  STORE_FOREIGN: { selling: false, text: 'What lies where the store should be is no store of this Counter24. It was left untouched.' },
  STORE_OF_ANOTHER_KIOSK: { selling: false, text: 'The store belongs to a kiosk of another name: put the name back, or begin with an empty store folder.' },
  STORE_RECOVERED: { selling: true, text: 'The store was damaged or behind, and was brought back.' },
  STORE_COPY_FAILED: { selling: true, text: 'The hourly copy of the store could not be made.' },
  STORE_REKEY_FAILED: { selling: true, text: 'The key of the store could not be changed; the old one stays.' },
  DISK_LOW: { selling: true, text: 'The disk is getting full: logs are thinned.' },
  DISK_FULL: { selling: false, text: 'The disk is full: nothing is sold until there is room.' },
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
  STAFF_NOT_IN: { selling: true, text: 'No member of staff is in.' },
  STAFF_NOT_ALLOWED: { selling: true, text: 'The role of whoever is in does not allow this.' },
  STAFF_UNKNOWN: { selling: true, text: 'There is no such thing for staff to act upon.' },
  AUDIT_BROKEN: { selling: true, text: 'The chain of what staff did does not hold: entries were taken out or changed.' },
  EXPORT_FAILED: { selling: true, text: 'The log could not be written to where it was asked for.' },
  OUT_OF_SERVICE: { selling: false, text: 'The kiosk is out of service.' },
  INTERNAL: { selling: true, text: 'A bug: something threw that should not.' },
  HQ_BATCH_MALFORMED: { selling: true, text: 'A batch does not have the shape of the contract.' },
  HQ_UNKNOWN_KIOSK: { selling: true, text: 'HQ does not know this kiosk or its token.' },
  HQ_SEQUENCE_GAP: { selling: true, text: 'A batch does not follow on what HQ has.' },
  HQ_EVENT_CONFLICT: { selling: true, text: 'An event came again with other contents.' },
  HQ_CHAIN_BROKEN: { selling: true, text: 'An event does not follow on the one before it by its hash.' },
  HQ_EPOCH_OLD: { selling: true, text: 'A batch is of an epoch that was left.' },
  HQ_SIGNATURE_WRONG: { selling: true, text: 'A message is not signed by the key that should have signed it, or not as it should be.' },
  HQ_SESSION_ENDED: { selling: true, text: 'The session is over: say hello again.' },
  HQ_REPLAYED: { selling: true, text: 'A signed message came a second time.' },
  HQ_KIOSK_REVOKED: { selling: true, text: "HQ has revoked this kiosk's key." },
  HQ_KIOSK_CLONED: { selling: true, text: 'Two machines use the identity of this kiosk: HQ takes nothing from either until a person has decided.' },
  HQ_INSTANCE_SUPERSEDED: { selling: true, text: 'Another run of this kiosk has spoken since this one.' },
  HQ_NOT_ENROLLED: { selling: true, text: 'The kiosk has no identity that HQ has approved.' },
  HQ_CODE_WRONG: { selling: true, text: 'The enrolment code is wrong, used, or has expired.' },
  HQ_TOO_MANY_REQUESTS: { selling: true, text: 'More requests than the limit.' },
  HQ_KEY_CHANGED: { selling: true, text: 'An answer is not signed by the HQ that this kiosk knows.' },
  CLOCK_SKEWED: { selling: true, text: "The kiosk's clock differs from HQ's." },
  COMMAND_REFUSED: { selling: true, text: 'A command of HQ cannot be done here.' },
  DOCUMENT_REFUSED: { selling: true, text: 'What HQ published does not fit its schema or its hash; what was there stays.' },
  HQ_NOT_SIGNED_IN: { selling: true, text: 'Nobody is signed in, or no longer.' },
  HQ_NOT_ALLOWED: { selling: true, text: 'The account may not do this.' },
  HQ_INVALID: { selling: true, text: 'What was asked for cannot be done as it stands; the answer says why.' },
  HQ_CHANGED_MEANWHILE: { selling: true, text: 'Somebody else has changed it meanwhile.' },
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

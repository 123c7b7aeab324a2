/** How a field's length is known (PA00P015, 8): fixed, LLVAR (Fx Fy), LLLVAR (Fx Fy Fz), or BER as in the TLV container. */
export type BmpFormat = number | 'llvar' | 'lllvar' | 'tlv';

interface BmpDefinition {
  readonly name: string;
  readonly format: BmpFormat;
  /** Data that a kiosk must never hold: the decoder drops it. */
  readonly secret?: true;
}

export const BMP = {
  TIMEOUT: 0x01,
  MAX_STATUS_INFOS: 0x02,
  SERVICE_BYTE: 0x03,
  AMOUNT: 0x04,
  TLV_CONTAINER: 0x06,
  TRACE_NUMBER: 0x0b,
  TIME: 0x0c,
  DATE: 0x0d,
  STATUS_BYTE: 0x19,
  PAN: 0x22,
  RESULT_CODE: 0x27,
  TERMINAL_ID: 0x29,
  VU_NUMBER: 0x2a,
  ORIGINAL_TRACE_NUMBER: 0x37,
  AID_AUTHORISATION_ATTRIBUTE: 0x3b,
  ADDITIONAL_TEXT: 0x3c,
  PASSWORD: 0x3d,
  CURRENCY_CODE: 0x49,
  TOTALS: 0x60,
  RECEIPT_NUMBER: 0x87,
  CARD_NAME: 0x8b,
  DATE_WITH_YEAR: 0xaa,
} as const;

const textLines = (first: number, label: string): [number, BmpDefinition][] =>
  Array.from({ length: 8 }, (_, index) => [first + index, { name: `${label} line ${index + 1}`, format: 'llvar' }]);

/** The fields of PA00P015, 8. */
export const bmpDefinitions: ReadonlyMap<number, BmpDefinition> = new Map<number, BmpDefinition>([
  [0x01, { name: 'time-out', format: 1 }],
  [0x02, { name: 'max. status-infos', format: 1 }],
  [0x03, { name: 'service byte', format: 1 }],
  [0x04, { name: 'amount', format: 6 }],
  [0x05, { name: 'pump number', format: 1 }],
  [0x06, { name: 'TLV container', format: 'tlv' }],
  [0x0b, { name: 'trace number', format: 3 }],
  [0x0c, { name: 'time', format: 3 }],
  [0x0d, { name: 'date', format: 2 }],
  [0x0e, { name: 'expiry date', format: 2 }],
  [0x17, { name: 'card sequence number', format: 2 }],
  [0x19, { name: 'status byte or payment type', format: 1 }],
  [0x22, { name: 'PAN', format: 'llvar' }],
  [0x23, { name: 'track 2', format: 'llvar', secret: true }],
  [0x24, { name: 'track 3', format: 'lllvar', secret: true }],
  [0x27, { name: 'result code', format: 1 }],
  [0x29, { name: 'terminal id', format: 4 }],
  [0x2a, { name: 'VU number', format: 15 }],
  [0x2d, { name: 'track 1', format: 'llvar', secret: true }],
  [0x2e, { name: 'synchronous chip data', format: 'lllvar', secret: true }],
  [0x37, { name: 'original trace number', format: 3 }],
  [0x3a, { name: 'CVV', format: 2, secret: true }],
  [0x3b, { name: 'AID authorisation attribute', format: 8 }],
  [0x3c, { name: 'additional text', format: 'lllvar' }],
  [0x3d, { name: 'password', format: 3 }],
  [0x49, { name: 'currency code', format: 2 }],
  [0x60, { name: 'individual totals', format: 'lllvar' }],
  [0x87, { name: 'receipt number', format: 2 }],
  [0x88, { name: 'turnover record number', format: 3 }],
  [0x8a, { name: 'card type', format: 1 }],
  [0x8b, { name: 'card name', format: 'llvar' }],
  [0x8c, { name: 'card type of the network operator', format: 1 }],
  [0x9a, { name: 'GeldKarte record', format: 'lllvar', secret: true }],
  [0xa0, { name: 'result code AS', format: 1 }],
  [0xa7, { name: 'chip data', format: 'llvar', secret: true }],
  [0xaa, { name: 'date YYMMDD', format: 3 }],
  [0xaf, { name: 'EF info', format: 'lllvar', secret: true }],
  [0xba, { name: 'AID parameter', format: 5 }],
  [0xd0, { name: 'algorithm key', format: 1 }],
  [0xd1, { name: 'card offset or PIN data', format: 'llvar', secret: true }],
  [0xd2, { name: 'card output direction', format: 1 }],
  [0xd3, { name: 'DUKPT key identifier', format: 1 }],
  [0xe0, { name: 'minimal length of input', format: 1 }],
  ...textLines(0xe1, 'text 2'),
  [0xe9, { name: 'maximal length of input', format: 1 }],
  [0xea, { name: 'echo the input', format: 1 }],
  [0xeb, { name: 'MAC over texts', format: 8 }],
  [0xf0, { name: 'display duration', format: 1 }],
  ...textLines(0xf1, 'text 1'),
  [0xf9, { name: 'beeps', format: 1 }],
  [0xfa, { name: 'card reader activation', format: 1 }],
  [0xfb, { name: 'confirmation with OK', format: 1 }],
  [0xfc, { name: 'dialog control', format: 1 }],
  [0xfd, { name: 'display device', format: 1 }],
]);

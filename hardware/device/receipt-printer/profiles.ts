/** What differs between printers, as data. docs/receipts.md says where each fact comes from. */
export interface PrinterProfile {
  readonly id: string;
  /** For people: what it was made for. */
  readonly model: string;
  /** Whether anybody has printed with it on a real printer. False: from manuals or from knowledge of the trade only. */
  readonly tried: boolean;
  /** Which of node-thermal-printer's command sets it speaks. Only those that answer DLE EOT and GS r belong here. */
  readonly commands: 'epson' | 'custom' | 'tanca';
  readonly paperMm: 58 | 80;
  /** Half-width characters of font A (12 × 24 dots) in a line. */
  readonly columns: 32 | 42 | 48;
  /** Printable dots in a line. */
  readonly dots: number;
  readonly dotsPerInch: 180 | 203;
  /** What `ESC 3 n` counts in: dots, or half dots (vertical motion unit 1/360 inch at 180 dots per inch). */
  readonly lineSpacingUnitsPerDot: 1 | 2;
  /** Two-byte Chinese after FS &. Others will come with their codecs. */
  readonly charset: 'gbk';
  readonly cut: 'full' | 'partial';
  /** Slowest print speed that the maker gives, for deadlines. */
  readonly speedMmPerSecond: number;
  /** Line speed when it leaves the factory. */
  readonly baud: number;
  /** Input buffer: a longer receipt waits on flow control. */
  readonly bufferBytes: number;
  /** As seen from the kiosk's end of the line. A printer's DTR is wired to our CTS. `none`: never send more than the buffer holds. */
  readonly flowControl: 'none' | 'rts_cts' | 'xon_xoff';
  /** GS a n: the printer tells of each change by itself. Where false, ask. */
  readonly automaticStatus: boolean;
  /** How a logo that was stored in the printer's memory is called up; undefined: it has no such memory, or nobody knows. */
  readonly logo: { readonly command: 'fs_p' | 'gs_l'; readonly slots: number } | undefined;
  /** Lines with characters that the printer's font lacks: drawn (GS v 0) where need be, or `never`, then as 〓. */
  readonly raster: 'lines' | 'never';
  readonly barcode: 'code128' | 'none';
}

const generic58 = {
  id: 'generic-58',
  model: '58 mm ESC/POS panel printer with Chinese font',
  tried: false,
  commands: 'epson',
  paperMm: 58,
  columns: 32,
  dots: 384,
  dotsPerInch: 203,
  lineSpacingUnitsPerDot: 1,
  charset: 'gbk',
  cut: 'full',
  speedMmPerSecond: 50,
  baud: 9600,
  bufferBytes: 4096,
  flowControl: 'none',
  automaticStatus: false,
  logo: undefined,
  raster: 'lines',
  barcode: 'code128',
} as const satisfies PrinterProfile;

const generic80 = {
  ...generic58,
  id: 'generic-80',
  model: '80 mm ESC/POS kiosk printer with Chinese font',
  paperMm: 80,
  columns: 48,
  dots: 576,
  speedMmPerSecond: 100,
} as const satisfies PrinterProfile;

const epsonTmT88 = {
  ...generic80,
  id: 'epson-tm-t88-42',
  model: 'Epson TM-T88 series, Chinese model, 42 columns',
  columns: 42,
  dots: 512,
  dotsPerInch: 180,
  lineSpacingUnitsPerDot: 2,
  cut: 'partial',
  flowControl: 'rts_cts',
  automaticStatus: true,
  logo: { command: 'fs_p', slots: 255 },
} as const satisfies PrinterProfile;

/** USB and network only; the line speed means nothing on its virtual serial port. */
const epsonTmM30 = {
  ...epsonTmT88,
  id: 'epson-tm-m30',
  model: 'Epson TM-m30 series, Chinese model, on its virtual serial port',
  columns: 48,
  dots: 576,
  dotsPerInch: 203,
  lineSpacingUnitsPerDot: 1,
  baud: 115_200,
  flowControl: 'none',
  logo: { command: 'gs_l', slots: 99 },
} as const satisfies PrinterProfile;

const citizenCtS310 = {
  ...generic80,
  id: 'citizen-ct-s310',
  model: 'Citizen CT-S310, Chinese model, 80 mm',
  cut: 'partial',
  flowControl: 'rts_cts',
  automaticStatus: true,
  logo: { command: 'fs_p', slots: 255 },
} as const satisfies PrinterProfile;

/** Built after the TM-T88III, down to its dots. */
const bixolonSrp350 = {
  ...epsonTmT88,
  id: 'bixolon-srp-350',
  model: 'Bixolon SRP-350, Chinese model',
} as const satisfies PrinterProfile;

/** Kiosk printers with a presenter: the cut ticket is held out to the customer by the printer's own settings. */
const customVkp80 = {
  ...generic80,
  id: 'custom-vkp80',
  model: 'Custom VKP80 series with Chinese font',
  commands: 'custom',
  flowControl: 'rts_cts',
} as const satisfies PrinterProfile;

const customK80 = {
  ...customVkp80,
  id: 'custom-k80',
  model: 'Custom K80 with Chinese font',
} as const satisfies PrinterProfile;

/** Only in ESC/POS emulation (a setting of the printer): Star's own command sets are not spoken here. */
const starEscPos = {
  ...generic80,
  id: 'star-mc-print3-escpos',
  model: 'Star mC-Print3 or TSP100IV in ESC/POS emulation, on a virtual serial port',
  cut: 'partial',
  baud: 115_200,
} as const satisfies PrinterProfile;

export const printerProfiles = {
  'generic-58': generic58,
  'generic-80': generic80,
  'epson-tm-t88-42': epsonTmT88,
  'epson-tm-m30': epsonTmM30,
  'citizen-ct-s310': citizenCtS310,
  'bixolon-srp-350': bixolonSrp350,
  'custom-vkp80': customVkp80,
  'custom-k80': customK80,
  'star-mc-print3-escpos': starEscPos,
} as const satisfies Record<string, PrinterProfile>;

export type PrinterProfileId = keyof typeof printerProfiles;

/** What differs between printers, as data. */
export interface PrinterProfile {
  readonly id: string;
  /** For people: what it was made for. */
  readonly model: string;
  /** Which of node-thermal-printer's command sets it speaks. Only those that answer DLE EOT and GS r belong here. */
  readonly commands: 'epson' | 'custom' | 'tanca';
  readonly paperMm: 58 | 80;
  /** Half-width characters of font A (12 × 24 dots) in a line. */
  readonly columns: 32 | 42 | 48;
  /** Printable dots in a line. */
  readonly dots: number;
  /** Two-byte Chinese after FS &. Others will come with their codecs. */
  readonly charset: 'gbk';
  readonly cut: 'full' | 'partial';
  /** Slowest print speed that the maker gives, for deadlines. */
  readonly speedMmPerSecond: number;
  /** Line speed when it leaves the factory. */
  readonly baud: number;
  /** Input buffer: a longer receipt waits on flow control. */
  readonly bufferBytes: number;
}

export const printerProfiles = {
  'generic-58': {
    id: 'generic-58',
    model: '58 mm ESC/POS panel printer with Chinese font',
    commands: 'epson',
    paperMm: 58,
    columns: 32,
    dots: 384,
    charset: 'gbk',
    cut: 'full',
    speedMmPerSecond: 50,
    baud: 9600,
    bufferBytes: 4096,
  },
  'generic-80': {
    id: 'generic-80',
    model: '80 mm ESC/POS kiosk printer with Chinese font',
    commands: 'epson',
    paperMm: 80,
    columns: 48,
    dots: 576,
    charset: 'gbk',
    cut: 'full',
    speedMmPerSecond: 100,
    baud: 9600,
    bufferBytes: 4096,
  },
  'epson-tm-t88-42': {
    id: 'epson-tm-t88-42',
    model: 'Epson TM-T88 series, Chinese model, 42 columns',
    commands: 'epson',
    paperMm: 80,
    columns: 42,
    dots: 512,
    charset: 'gbk',
    cut: 'partial',
    speedMmPerSecond: 100,
    baud: 9600,
    bufferBytes: 4096,
  },
} as const satisfies Record<string, PrinterProfile>;

export type PrinterProfileId = keyof typeof printerProfiles;

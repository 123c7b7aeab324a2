import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { languages } from '../../../domain/language.ts';
import { code128 } from '../../../domain/receipt/layout/code128.ts';
import { laidText } from '../../../domain/receipt/layout/laid-text.ts';
import { layoutReceipt } from '../../../domain/receipt/layout/layout.ts';
import type { Receipt, ReceiptLine } from '../../../domain/receipt/receipt.ts';
import { sampleKinds, sampleReceipt } from '../../../domain/receipt/testing/samples.ts';
import { slipText } from '../../sim/escpos-printer/paper.ts';
import type { EscPosPrinterSim } from '../../sim/escpos-printer/printer-sim.ts';
import { createEscPosPrinterSim } from '../../sim/escpos-printer/printer-sim.ts';
import { composeClearing, composeReceipt } from './compose.ts';
import type { PrinterProfile } from './profiles.ts';
import { printerProfiles } from './profiles.ts';

const profiles: readonly PrinterProfile[] = Object.values(printerProfiles);
const withoutLogos = (profile: PrinterProfile): PrinterProfile => ({ ...profile, logo: undefined });

/** What a virtual printer makes of the bytes. */
function printed(profile: PrinterProfile, ...jobs: readonly Uint8Array[]): EscPosPrinterSim {
  const { columns, dots, dotsPerInch, lineSpacingUnitsPerDot } = profile;
  const sim = createEscPosPrinterSim({ columns, dots, dotsPerInch, lineSpacingUnitsPerDot });
  sim.connect({
    onData(listener) {
      for (const job of jobs) listener(job);
      return () => undefined;
    },
    write: async () => ({ ok: true, value: undefined }),
  });
  return sim;
}

async function bytesOf(receipt: Receipt, profile: PrinterProfile): Promise<Uint8Array> {
  return (await composeReceipt(receipt, profile)).bytes;
}

/** Feeds at the end are the cut's; spaces at the end of a line nobody sees. */
const tidy = (value: string): string => value.replace(/ +$/gm, '').trimEnd();
const expected = (receipt: Receipt, { columns, dots }: PrinterProfile): string => tidy(laidText(layoutReceipt(receipt, columns, { dots }), columns));
const paper = (sim: EscPosPrinterSim): readonly string[] => sim.slips().map((slip) => tidy(slipText(slip)));

const samples = sampleKinds.flatMap((kind) => languages.map((language) => ({ kind, language })));

describe.each(profiles)('on $id', (profile) => {
  test.each(samples)('the paper says what the layout says ($kind, $language)', async ({ kind, language }) => {
    const receipt = sampleReceipt(kind, language, profile.columns);
    const sim = printed(profile, await bytesOf(receipt, withoutLogos(profile)));
    expect(sim.faults()).toEqual([]);
    expect(paper(sim)).toEqual([expected(receipt, profile)]);
    // Custom's printers cut the paper through at ESC i, at which Epson's leave a point.
    expect(sim.slips()[0]?.cut).toBe(profile.commands === 'custom' ? 'partial' : profile.cut);
    expect(sim.current().lines).toEqual([]);
  });

  test.each(samples)('the length of paper is reckoned as it comes out ($kind, $language)', async ({ kind, language }) => {
    const job = await composeReceipt(sampleReceipt(kind, language, profile.columns), withoutLogos(profile));
    const dots = printed(profile, job.bytes).slips()[0]?.lines.reduce((total, line) => total + line.advance, 0) ?? 0;
    expect(job.paperMm).toBeGreaterThan(0.99 * (dots / profile.dotsPerInch) * 25.4);
    expect(job.paperMm).toBeLessThan(1.01 * (dots / profile.dotsPerInch) * 25.4);
  });
});

const profile = printerProfiles['generic-58'];
const receiptOf = (...lines: ReceiptLine[]): Receipt => ({ language: 'zh', lines });
const oneLine = (text: string): Receipt => receiptOf({ kind: 'text', text, align: 'left', size: 'normal', bold: false });

describe('random receipts', () => {
  const name = fc.array(fc.constantFrom('面', '茶', '（大杯）', 'Tea', 'Large ', ' ', '“', '—', '·', '€', 'é', '😀', '☕', '，', 'x'), { maxLength: 24 }).map((parts) => parts.join(''));
  const amount = fc.nat({ max: 99_999_999 }).map((cents) => `￥${(cents / 100).toFixed(2)}`);
  const line: fc.Arbitrary<ReceiptLine> = fc.oneof(
    fc.record({ kind: fc.constant('text' as const), text: name, align: fc.constantFrom('left', 'center', 'right'), size: fc.constantFrom('normal', 'double', 'quadruple'), bold: fc.boolean() }),
    fc.record({ kind: fc.constant('pair' as const), left: name, right: amount, bold: fc.boolean(), indent: fc.nat({ max: 4 }) }),
    fc.tuple(name, amount).map(([left, right]) => ({ kind: 'table', columns: [{ header: '商品', width: 3, align: 'left' }, { header: '金额', width: 1, align: 'right' }], rows: [[left, right], [right, left]] }) as const),
    fc.constantFrom<ReceiptLine>({ kind: 'rule' }, { kind: 'feed', lines: 2 }, { kind: 'qr', data: 'https://example.com/r/1' }, { kind: 'barcode', data: 'A042-12345678', text: 'A042' }, { kind: 'logo', slot: 1, text: '标志 Logo' }),
  );

  test.each(profiles)('say on $id just what the plain rendering says, without a fault', async (each) => {
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 10 }), fc.constantFrom(...languages), async (lines, language) => {
        const receipt = { language, lines };
        const sim = printed(each, await bytesOf(receipt, withoutLogos(each)));
        expect(sim.faults()).toEqual([]);
        expect(paper(sim).join('\n')).toBe(expected(receipt, each));
      }),
      { numRuns: 40 },
    );
  });

  test('have each amount whole at the right edge', async () => {
    await fc.assert(
      fc.asyncProperty(name, amount, async (left, right) => {
        const [text = ''] = paper(printed(profile, await bytesOf(receiptOf({ kind: 'pair', left, right, bold: false, indent: 0 }), profile)));
        const rows = text.split('\n').filter((row) => row.endsWith(right));
        expect(rows).toHaveLength(1);
        expect([...rows[0]!].reduce((columns, character) => columns + (character < '\u0080' ? 1 : 2), 0)).toBe(32);
      }),
    );
  });
});

test('a job begins with ESC @ and FS &, then GBK', async () => {
  expect([...(await bytesOf(oneLine('你'), profile))].slice(0, 7)).toEqual([0x1b, 0x40, 0x1c, 0x26, 0xc4, 0xe3, 0x0a]);
});

test('￥ and ¥ are A3 A4 on the line', async () => {
  for (const yen of ['￥', '¥']) expect(Buffer.from(await bytesOf(oneLine(`${yen}5`), profile)).includes(Buffer.from([0xa3, 0xa4, 0x35, 0x0a]))).toBe(true);
});

test('two jobs have nothing of each other', async () => {
  expect(paper(printed(profile, await bytesOf(oneLine('first'), profile), await bytesOf(oneLine('second'), profile)))).toEqual(['first', 'second']);
});

test('a name from the catalogue cannot send a command', async () => {
  const sim = printed(profile, await bytesOf(oneLine('a\u001bi\u001d\u0056\u0000b'), profile));
  expect(paper(sim)).toEqual(['aiVb']);
  expect(sim.faults()).toEqual([]);
});

test('bold, size and alignment of one job do not leak into the next', async () => {
  const loud = receiptOf({ kind: 'text', text: 'LOUD', align: 'right', size: 'quadruple', bold: true });
  const sim = printed(profile, await bytesOf(loud, profile), await bytesOf(oneLine('plain'), profile));
  expect(sim.slips()[1]?.lines[0]).toMatchObject({ align: 'left', advance: 34, segments: [{ bold: false, width: 1, height: 1 }] });
});

test('large text keeps its distance where the printer counts in half dots', async () => {
  const t88 = printerProfiles['epson-tm-t88-42'];
  const sim = printed(t88, await bytesOf(receiptOf({ kind: 'text', text: 'A042', align: 'center', size: 'quadruple', bold: true }), t88));
  expect(sim.slips()[0]?.lines[0]).toMatchObject({ advance: 4 * 24 + 10 });
});

describe('QR codes', () => {
  const qr = (data: string): Receipt => ({ language: 'en', lines: [{ kind: 'qr', data }] });

  test('grow to be read well and shrink to fit the paper', async () => {
    const cells = [];
    for (const data of ['x', 'x'.repeat(100), 'x'.repeat(1000)]) cells.push(printed(profile, await bytesOf(qr(data), profile)).slips()[0]?.lines.find((line) => line.kind === 'qr'));
    expect(cells).toMatchObject([{ cell: 8 }, { cell: 5 }, { cell: 3 }]);
  });

  test('what is not ASCII goes percent-encoded, since printers count bytes', async () => {
    const sim = printed(profile, await bytesOf(qr('https://example.com/面?\ud800'), profile));
    expect(sim.slips()[0]?.lines).toContainEqual(expect.objectContaining({ data: 'https://example.com/%E9%9D%A2?%EF%BF%BD' }));
  });

  test('of which no printer could print any are printed as text', async () => {
    const sim = printed(profile, await bytesOf(qr('y'.repeat(2400)), profile));
    expect(sim.faults()).toEqual([]);
    expect(slipText(sim.slips()[0]!).match(/y/g)).toHaveLength(2400);
  });
});

describe('barcodes', () => {
  const barcode = (data: string): Receipt => receiptOf({ kind: 'barcode', data, text: 'text' });

  test('have the bars that our own Code 128 draws, as the virtual printer reads the bytes', async () => {
    const printable = fc.string({ unit: fc.oneof(fc.constantFrom('{', '0', '1', '7'), fc.integer({ min: 32, max: 126 }).map((code) => String.fromCharCode(code))), minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(printable, async (data) => {
        const wide = printerProfiles['generic-80'];
        const sim = printed(wide, await bytesOf(barcode(data), wide));
        expect(sim.faults()).toEqual([]);
        const modules = code128(data)!.widths.map((width, index) => (index % 2 === 0 ? '1' : '0').repeat(width)).join('');
        expect(sim.slips()[0]?.lines[0]).toMatchObject({ kind: 'barcode', align: 'center', data, modules, heightDots: 64, text: 'none' });
      }),
    );
  });

  test.each([['too long for the paper', 'a'.repeat(40), profile], ['not ASCII', '面', profile], ['unknown to the printer', 'A042', { ...profile, barcode: 'none' as const }]])('%s are their text alone', async (_, data, each) => {
    const sim = printed(each, await bytesOf(barcode(data), each));
    expect(sim.faults()).toEqual([]);
    expect(paper(sim).map((text) => text.trim())).toEqual(['text']);
  });
});

describe('a logo', () => {
  const logo = receiptOf({ kind: 'logo', slot: 1, text: 'Counter24' });
  /** FS q: one picture of 8 × 8 dots. GS ( L, function 67: the same under the key code "01". */
  const stored = {
    fs_p: Uint8Array.of(0x1c, 0x71, 1, 1, 0, 1, 0, 255, 1, 2, 4, 8, 16, 32, 64),
    gs_l: Uint8Array.of(0x1d, 0x28, 0x4c, 19, 0, 48, 67, 48, 0x30, 0x31, 1, 8, 0, 8, 0, 49, 255, 1, 2, 4, 8, 16, 32, 64),
  };

  test.each([printerProfiles['epson-tm-t88-42'], printerProfiles['epson-tm-m30']])('comes from the memory of $id', async (each) => {
    const sim = printed(each, stored[each.logo.command], await bytesOf(logo, each));
    expect(sim.faults()).toEqual([]);
    expect(sim.slips()[0]?.lines[0]).toMatchObject({ kind: 'raster', align: 'center', widthDots: 8, advance: 8 });
  });

  test.each([profile, { ...printerProfiles['epson-tm-t88-42'], logo: { command: 'fs_p', slots: 0 } as const }])('is its text where the printer has no memory for it', async (each) => {
    expect(paper(printed(each, await bytesOf(logo, each))).map((text) => text.trim())).toEqual(['Counter24']);
  });
});

test('clearing gets the printer out of any place where a job can break off, and cuts what was printed', async () => {
  const job = await bytesOf(sampleReceipt('receipt', 'zh', 32), profile);
  const next = await bytesOf(oneLine('next'), profile);
  for (let at = 0; at <= job.length; at += 1) {
    const sim = printed(profile, job.slice(0, at), composeClearing(profile).bytes, next);
    expect(paper(sim).at(-1)).toBe('next');
    expect(sim.slips().filter((slip) => slipText(slip).includes('next'))).toHaveLength(1);
  }
});

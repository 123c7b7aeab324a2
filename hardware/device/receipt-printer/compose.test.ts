import { describe, expect, test } from 'vitest';
import type { Receipt } from '../../../domain/receipt/receipt.ts';
import { laidText, layoutReceipt } from '../../codec/escpos/layout.ts';
import { slipText } from '../../sim/escpos-printer/paper.ts';
import type { EscPosPrinterSim } from '../../sim/escpos-printer/printer-sim.ts';
import { createEscPosPrinterSim } from '../../sim/escpos-printer/printer-sim.ts';
import { composeClearing, composeReceipt } from './compose.ts';
import { chineseReceipt, englishReceipt } from './printer-rig.ts';
import type { PrinterProfile } from './profiles.ts';
import { printerProfiles } from './profiles.ts';

const profiles: readonly PrinterProfile[] = Object.values(printerProfiles);

/** What a virtual printer makes of the bytes. */
function printed(profile: PrinterProfile, ...jobs: readonly Uint8Array[]): EscPosPrinterSim {
  const sim = createEscPosPrinterSim({ columns: profile.columns, dots: profile.dots });
  sim.connect({
    onData(listener) {
      for (const job of jobs) listener(job);
      return () => undefined;
    },
    write: async () => ({ ok: true, value: undefined }),
  });
  return sim;
}

const tidy = (value: string): string => value.replace(/ +$/gm, '').trimEnd();

describe.each(profiles)('on $id', (profile) => {
  test.each([chineseReceipt, englishReceipt])('the paper says what the layout says ($language)', (receipt) => {
    const sim = printed(profile, composeReceipt(receipt, profile).bytes);
    expect(sim.faults()).toEqual([]);
    expect(sim.slips().map((slip) => tidy(slipText(slip)))).toEqual([tidy(laidText(layoutReceipt(receipt, profile.columns), profile.columns))]);
    expect(sim.slips()[0]?.cut).toBe(profile.cut);
    expect(sim.current().lines).toEqual([]);
  });

  test('the length of paper is reckoned as it comes out', () => {
    const job = composeReceipt(chineseReceipt, profile);
    const dots = printed(profile, job.bytes).slips()[0]?.lines.reduce((total, line) => total + line.advance, 0);
    expect(job.paperMm * 8).toBe(dots);
  });
});

const profile = printerProfiles['generic-58'];
const oneLine = (text: string): Receipt => ({ language: 'zh', lines: [{ kind: 'text', text, align: 'left', size: 'normal', bold: false }] });

test('a job begins with ESC @ and FS &, then GBK', () => {
  expect([...composeReceipt(oneLine('你'), profile).bytes].slice(0, 7)).toEqual([0x1b, 0x40, 0x1c, 0x26, 0xc4, 0xe3, 0x0a]);
});

test('￥ and ¥ are A3 A4 on the line', () => {
  for (const yen of ['￥', '¥']) expect(Buffer.from(composeReceipt(oneLine(`${yen}5`), profile).bytes).includes(Buffer.from([0xa3, 0xa4, 0x35, 0x0a]))).toBe(true);
});

test('two jobs have nothing of each other', () => {
  const first = composeReceipt(oneLine('first'), profile).bytes;
  const second = composeReceipt(oneLine('second'), profile).bytes;
  const slips = printed(profile, first, second).slips();
  expect(slips.map((slip) => tidy(slipText(slip)))).toEqual(['first', 'second']);
});

test('a name from the catalogue cannot send a command', () => {
  const sim = printed(profile, composeReceipt(oneLine('a\u001bi\u001d\u0056\u0000b'), profile).bytes);
  expect(tidy(slipText(sim.slips()[0]!))).toBe('aiVb');
  expect(sim.faults()).toEqual([]);
});

test('bold, size and alignment of one job do not leak into the next', () => {
  const loud: Receipt = { language: 'en', lines: [{ kind: 'text', text: 'LOUD', align: 'right', size: 'quadruple', bold: true }] };
  const sim = printed(profile, composeReceipt(loud, profile).bytes, composeReceipt(oneLine('plain'), profile).bytes);
  expect(sim.slips()[1]?.lines[0]).toMatchObject({ align: 'left', advance: 34, segments: [{ bold: false, width: 1, height: 1 }] });
});

describe('QR codes', () => {
  const qr = (data: string): Receipt => ({ language: 'en', lines: [{ kind: 'qr', data }] });

  test('grow to be read well and shrink to fit the paper', () => {
    const cells = ['x', 'x'.repeat(100), 'x'.repeat(1000)].map((data) => printed(profile, composeReceipt(qr(data), profile).bytes).slips()[0]?.lines.find((line) => line.kind === 'qr'));
    expect(cells).toMatchObject([{ cell: 8 }, { cell: 5 }, { cell: 3 }]);
  });

  test('what is not ASCII goes percent-encoded, since printers count bytes', () => {
    const sim = printed(profile, composeReceipt(qr('https://example.com/面?\ud800'), profile).bytes);
    expect(sim.slips()[0]?.lines).toContainEqual(expect.objectContaining({ data: 'https://example.com/%E9%9D%A2?%EF%BF%BD' }));
  });

  test('of which no printer could print any are printed as text', () => {
    const sim = printed(profile, composeReceipt(qr('y'.repeat(2400)), profile).bytes);
    expect(sim.faults()).toEqual([]);
    expect(slipText(sim.slips()[0]!).match(/y/g)).toHaveLength(2400);
  });
});

test('clearing gets the printer out of any place where a job can break off, and cuts what was printed', () => {
  const job = composeReceipt(chineseReceipt, profile).bytes;
  const next = composeReceipt(oneLine('next'), profile).bytes;
  for (let at = 0; at <= job.length; at += 1) {
    const sim = printed(profile, job.slice(0, at), composeClearing(profile).bytes, next);
    expect(sim.slips().map((slip) => tidy(slipText(slip))).at(-1)).toBe('next');
    expect(sim.slips().filter((slip) => slipText(slip).includes('next'))).toHaveLength(1);
  }
});

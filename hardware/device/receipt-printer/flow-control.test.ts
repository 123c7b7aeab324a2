import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { slipText } from '../../sim/escpos-printer/paper.ts';
import type { PrinterRig, RigOptions } from './printer-rig.ts';
import { chineseReceipt, createRig, longReceipt, settled } from './printer-rig.ts';
import { printerProfiles } from './profiles.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const flows = ['none', 'xon_xoff', 'rts_cts'] as const;
const profileWith = (flowControl: (typeof flows)[number], more: { readonly bufferBytes?: number; readonly automaticStatus?: boolean } = {}) => ({ ...printerProfiles['generic-58'], flowControl, ...more });

/** When bytes came to the printer. */
function watchBytes(rig: PrinterRig): { readonly times: number[]; count(): number } {
  const times: number[] = [];
  let count = 0;
  rig.far.onData((bytes) => {
    count += bytes.length;
    times.push(performance.now());
  });
  return { times, count: () => count };
}

async function ready(options: RigOptions): Promise<PrinterRig> {
  const rig = await createRig(options);
  await settled(rig.printer.check());
  return rig;
}

describe.each(flows)('with flow control %s', (flow) => {
  test.each([9600, 115_200])('the line at %i baud is never idle: first byte to last within five per cent of its limit', async (lineBaud) => {
    const rig = await ready({ profile: profileWith(flow), lineBaud });
    const bytes = watchBytes(rig);
    expect(await settled(rig.printer.print(longReceipt(30)))).toMatchObject({ ok: true });
    const before = bytes.times[0] ?? 0;
    // The four questions after the job, 12 bytes, are no part of it.
    const jobBytes = bytes.count() - 12;
    const last = bytes.times.filter((_, index) => index < bytes.times.length - 4).at(-1) ?? 0;
    expect(last - before).toBeLessThanOrEqual((jobBytes * 10_000) / lineBaud * 1.05 + 2);
    expect(rig.sim.faults()).toEqual([]);
  });

  test('a receipt of four times the printer\'s buffer prints whole on a printer that is slower than the line', async () => {
    const profile = profileWith(flow, { bufferBytes: 1024 });
    const rig = await ready({ profile, lineBaud: 115_200, lineMs: 85 });
    const receipt = longReceipt(130);
    const result = await settled(rig.printer.print(receipt));
    expect(result).toMatchObject({ ok: true });
    expect(rig.sim.faults()).toEqual([]);
    expect(rig.sim.slips()).toHaveLength(1);
    const text = slipText(rig.sim.slips()[0]!);
    expect(text).toMatch(/begin long\.[\s\S]*第130行[\s\S]*end long\./);
    expect(result.ok && result.value.bytes).toBeGreaterThan(4096);
  });

  test('the cover opened for good in a long receipt: uncertain within seconds, and what the line had not taken never comes', async () => {
    const rig = await ready({ profile: profileWith(flow, { bufferBytes: 1024 }), lineBaud: 9600, lineMs: 85 });
    const printing = rig.printer.print(longReceipt(120));
    await vi.advanceTimersByTimeAsync(1500);
    rig.sim.setCover(true);
    const at = performance.now();
    expect(await settled(printing)).toMatchObject({ ok: false, error: { kind: 'uncertain', state: { kind: 'cover_open' } } });
    expect(performance.now() - at).toBeLessThan(16_000);
    rig.sim.setCover(false);
    expect(await settled(rig.printer.print(chineseReceipt))).toMatchObject({ ok: true });
    const papers = rig.sim.slips().map(slipText);
    expect(papers.join('\n')).not.toContain('end long.');
    expect(papers.at(-1)).not.toContain('牛肉面 ￥');
    expect(rig.sim.faults().filter(({ detail }) => detail.includes('overflow'))).toEqual([]);
  });
});

describe('XON and XOFF', () => {
  test('a printer whose buffer is smaller than its profile says is obeyed', async () => {
    const rig = await ready({ profile: profileWith('xon_xoff'), sim: { bufferBytes: 640 }, lineBaud: 9600, lineMs: 120 });
    let xoffs = 0;
    rig.line.ends[0].onData((bytes) => {
      xoffs += bytes.filter((byte) => byte === 0x13).length;
    });
    expect(await settled(rig.printer.print(longReceipt(60)))).toMatchObject({ ok: true });
    expect(xoffs).toBeGreaterThan(0);
    expect(rig.sim.faults()).toEqual([]);
  });

  test('an XOFF that no XON ends stops the job at its limit, and the next one is tried anew', async () => {
    const rig = await ready({ profile: profileWith('xon_xoff'), lineBaud: 9600 });
    rig.sim.script([{ at: 'byte 200', do: 'xoff' }]);
    const before = performance.now();
    expect(await settled(rig.printer.print(longReceipt(30)))).toMatchObject({ ok: false, error: { kind: 'uncertain', detail: 'XOFF without an end' } });
    expect(performance.now() - before).toBeLessThan(20_000);
    expect(await settled(rig.printer.print(chineseReceipt))).toMatchObject({ ok: true });
    expect(rig.sim.slips().map(slipText).filter((slip) => slip.includes('谢谢光临'))).toHaveLength(1);
  });

  test('a printer that says XOFF before the first byte has not been sent anything: not started', async () => {
    const rig = await ready({ profile: profileWith('xon_xoff'), lineBaud: 9600 });
    await rig.far.write(Uint8Array.of(0x13), 100);
    await vi.advanceTimersByTimeAsync(10);
    expect(await settled(rig.printer.print(chineseReceipt))).toMatchObject({ ok: false, error: { kind: 'not_started' } });
    expect(rig.sim.slips()).toEqual([]);
    expect(rig.sim.current().lines).toEqual([]);
  });

  test('the two bytes mean nothing to a printer that has no such flow control', async () => {
    const rig = await ready({ profile: profileWith('none'), lineBaud: 9600 });
    rig.sim.script([{ at: 'byte 200', do: 'xoff' }]);
    expect(await settled(rig.printer.print(chineseReceipt))).toMatchObject({ ok: true });
  });
});

describe('CTS', () => {
  test('a port that takes nothing any more ends the job at its limit, and forgets what it could not send', async () => {
    const rig = await ready({ profile: profileWith('rts_cts'), sim: { bufferBytes: 640, busyWhenOffline: true }, lineBaud: 9600, lineMs: 85 });
    const printing = rig.printer.print(longReceipt(60));
    await vi.advanceTimersByTimeAsync(1000);
    rig.sim.setPaper('out');
    const before = performance.now();
    expect(await settled(printing)).toMatchObject({ ok: false, error: { kind: 'uncertain' } });
    expect(performance.now() - before).toBeLessThan(20_000);
    rig.sim.setPaper('ok');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(rig.sim.slips().map(slipText).join('\n')).not.toContain('end long.');
    expect(await settled(rig.printer.print(chineseReceipt))).toMatchObject({ ok: true });
    expect(rig.sim.slips().map(slipText).at(-1)).not.toContain('第');
  });
});

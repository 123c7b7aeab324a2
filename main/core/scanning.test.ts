import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { catalogueSchema } from '../../domain/catalogue/catalogue.ts';
import type { EventPayload, Scanned } from '../../domain/contract/kiosk.ts';
import { scannedSchema } from '../../domain/contract/kiosk.ts';
import { scannerProfiles } from '../../hardware/device/scanner/profiles.ts';
import { createScanner } from '../../hardware/device/scanner/scanner.ts';
import { createScannerSim } from '../../hardware/sim/scanner/scanner-sim.ts';
import { createMemoryLine } from '../../hardware/transport/memory.ts';
import { createLog } from './log.ts';
import { createScanning } from './scanning.ts';

const catalogue = catalogueSchema.parse(JSON.parse(readFileSync(new URL('../../config/catalogue.json', import.meta.url), 'utf8')));
const cola = catalogue.offers.find(({ id }) => id === 'cola')!.barcode!;
const token = 'AbC-_0123456789abcdefG';
const secrets = ['134567890123456789', '281234567890123456', 'C24S:7f3a-0001', `https://shop.example/r/${token}`];

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function rig() {
  const line = createMemoryLine();
  const [near, far] = line.ends;
  const sim = createScannerSim({ family: 'gm65' });
  sim.connect(far);
  await far.open();
  const scanner = createScanner({ transport: near, profile: scannerProfiles['gm65']!, monotonicNow: () => Date.now() });
  const logged: string[] = [];
  const told: Scanned[] = [];
  const cards: string[] = [];
  const charged: { readonly wallet: string; readonly code: { reveal(): string } }[] = [];
  const staff = { isIn: false, slots: [] as (readonly string[])[], tests: [] as EventPayload<'staff_scan'>[] };
  const scanning = createScanning({
    scanner, catalogue: () => catalogue, publicUrl: 'https://shop.example', monotonicNow: () => Date.now(),
    log: createLog((entry) => logged.push(entry), () => 0), onScanned: (scanned) => told.push(scanned),
    onStaffCard: (card) => cards.push(card), onPaymentCode: (wallet, code) => charged.push({ wallet, code }), isStaffIn: () => staff.isIn, slotsOfCode: (code) => (code === 'S-12' ? ['B2'] : []),
    onSlots: (slots) => staff.slots.push(slots), onTest: (seen) => staff.tests.push(seen),
  });
  const pass = async (ms: number) => void (await vi.advanceTimersByTimeAsync(ms));
  await pass(300);
  return { sim, far, scanning, logged, told, cards, charged, staff, pass, scanner };
}

test('a code of the serial scanner and one that was typed mean the same', async () => {
  const { sim, scanning, told, pass } = await rig();
  scanning.want(true);
  await pass(300);
  const codes = [cola, ...secrets, 'A042', '4006381333931', 'rubbish'];
  for (const code of codes) {
    expect(sim.show(code)).toBe(true);
    await pass(2000);
  }
  const scanned = told.splice(0);
  expect(scanned).toEqual([
    { kind: 'offer', offerId: 'cola' }, { kind: 'payment_code', wallet: 'wechat' }, { kind: 'payment_code', wallet: 'alipay' }, { kind: 'pickup_code' }, { kind: 'pickup_code' }, { kind: 'unknown_product' }, { kind: 'unknown_code' },
  ]);
  for (const code of codes) scanning.typed(code);
  expect(told).toEqual(scanned);
  for (const event of told) expect(scannedSchema.safeParse(event).success).toBe(true);
});

test('no secret reaches the log or the page, whole or in part', async () => {
  const { sim, scanning, logged, told, pass } = await rig();
  scanning.want(true);
  await pass(300);
  for (const code of secrets) {
    sim.show(code);
    await pass(2000);
    scanning.typed(code);
  }
  sim.script([{ at: 'sending code', do: 'garble' }]);
  sim.show(secrets[0]!);
  await pass(2000);
  const everything = `${logged.join('\n')}${JSON.stringify(told)}`;
  expect(logged.length).toBeGreaterThanOrEqual(secrets.length);
  for (const secret of ['1345678', '6789', '2812345', '7f3a', token, token.slice(0, 6)]) expect(everything).not.toContain(secret);
});

test('what was typed twice within a moment counts once, and again later', async () => {
  const { scanning, told, pass } = await rig();
  scanning.typed(cola);
  scanning.typed(cola);
  await pass(2000);
  scanning.typed(cola);
  expect(told).toHaveLength(2);
});

test('the scanner is lit when the page wants it, dark when it does not, and when selling ends', async () => {
  const { sim, scanning, pass } = await rig();
  for (const wanted of [true, false, true]) {
    scanning.want(wanted);
    await pass(300);
    expect(sim.isLit()).toBe(wanted);
  }
  scanning.stop();
  await pass(300);
  expect(sim.isLit()).toBe(false);
});

test('noise on a bad line is one line in the log, until a code came between', async () => {
  const { scanning, far, logged, pass } = await rig();
  scanning.want(true);
  await pass(300);
  const noise = async () => {
    await far.write(Uint8Array.of(0x01, 0x41), 100);
    await pass(500);
  };
  for (let times = 0; times < 20; times += 1) await noise();
  expect(logged.filter((entry) => entry.includes('no code'))).toHaveLength(1);
  scanning.typed(cola);
  await noise();
  expect(logged.filter((entry) => entry.includes('no code'))).toHaveLength(2);
});

test('without a serial scanner a keyboard does', () => {
  const told: Scanned[] = [];
  const scanning = createScanning({
    scanner: undefined, catalogue: () => catalogue, publicUrl: 'https://shop.example/', monotonicNow: () => 0, log: createLog(() => {}, () => 0), onScanned: (scanned) => told.push(scanned),
    onStaffCard: () => {}, onPaymentCode: () => {}, isStaffIn: () => false, slotsOfCode: () => [], onSlots: () => {}, onTest: () => {},
  });
  scanning.want(true);
  scanning.typed(cola);
  scanning.stop();
  expect(told).toEqual([{ kind: 'offer', offerId: 'cola' }]);
});

test('a staff card goes to core alone, and is told to no page', async () => {
  const { sim, scanning, told, cards, pass } = await rig();
  scanning.want(true);
  await pass(300);
  sim.show('C24S:7f3a-9b21');
  await pass(2000);
  expect([told, cards]).toEqual([[], ['7f3a-9b21']]);
});

test('a payment code goes to whoever charges, once for each reading, and the page hears only that there was one; not while staff are in, nor while the scanner is tried', async () => {
  const { scanning, told, charged, staff, pass } = await rig();
  scanning.typed('134567890123456789');
  scanning.typed('134567890123456789');
  scanning.typed('281234567890123456');
  expect(charged.map(({ wallet, code }) => [wallet, code.reveal()])).toEqual([['wechat', '134567890123456789'], ['alipay', '281234567890123456']]);
  expect(JSON.stringify([told, charged])).not.toMatch(/\d{6}/);
  await pass(2_000);
  staff.isIn = true;
  scanning.typed('134567890123456789');
  staff.isIn = false;
  scanning.test(true);
  scanning.typed('281234567890123456');
  expect(charged).toHaveLength(2);
});

test('while staff are in, a code means slots and nothing that is sold', async () => {
  const { scanning, told, staff } = await rig();
  staff.isIn = true;
  scanning.typed('S-12');
  scanning.typed(cola);
  expect([told, staff.slots]).toEqual([[], [['B2'], []]]);
});

test("the scanner test lights it for a minute and tells kinds, lengths and ends, of what may be a secret no ends", async () => {
  const { sim, scanning, told, cards, staff, pass } = await rig();
  scanning.test(true);
  await pass(300);
  expect(sim.isLit()).toBe(true);
  for (const code of ['4006381333931', '134567890123456789', 'C24S:7f3a-9b21']) scanning.typed(code);
  expect(staff.tests).toEqual([
    { kind: 'unknown_product', length: 13, shown: '40…31' }, { kind: 'payment_code', length: 18, shown: '' }, { kind: 'staff_card', length: 14, shown: '' },
  ]);
  expect([told, cards]).toEqual([[], []]);
  await pass(60_000);
  expect(sim.isLit()).toBe(false);
  scanning.typed('rubbish that is none');
  expect(told).toEqual([{ kind: 'unknown_code' }]);
});

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codedError } from '../../../domain/contract/errors.ts';
import type { StaffMember, StaffMethod } from '../../../domain/contract/staff.ts';
import { staffRequests } from '../../../domain/contract/staff.ts';
import type { DeviceState } from '../../../domain/device/state.ts';
import { deviceState } from '../../../domain/device/state.ts';
import type { OrderId } from '../../../domain/ids.ts';
import type { OpenStore } from '../../store/open.ts';
import { openStore } from '../../store/open.ts';
import { createOutbox } from '../../store/outbox.ts';
import { createShortReads } from '../../store/short-read.ts';
import type { SellerRig } from '../../store/testing/seller-rig.ts';
import { createSellerRig } from '../../store/testing/seller-rig.ts';
import type { LogBook } from '../log-book.ts';
import { createLogBook } from '../log-book.ts';
import type { Log } from '../log.ts';
import { createLog } from '../log.ts';
import type { StaffLogs } from './logs.ts';
import { createStaffLogs } from './logs.ts';

const keyHex = 'c3'.repeat(32);
const member: StaffMember = { number: '1001', name: 'T', role: 'technician', acts: [], idleMs: 1_000 };
let folder: string;
let store: OpenStore;
let seller: SellerRig;
let book: LogBook;
let log: Log;
let logs: StaffLogs;
let devices: DeviceState[] | undefined;
let openCodes: Set<string>;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'staff-logs-'));
  fs.mkdirSync(path.join(folder, 'sticks', 'RED'), { recursive: true });
  const opened = openStore({ folder: path.join(folder, 'store'), keyHex, keyProvider: 'test' });
  if (!opened.ok) throw new Error(opened.error.detail);
  store = opened.value;
  seller = createSellerRig(store.database);
  book = createLogBook(Date.now);
  book.open({ folder: path.join(folder, 'store'), storeKeyHex: keyHex, limits: { maxEntries: 10_000, maxBytes: 100_000_000 } });
  log = createLog(() => undefined, Date.now, book);
  devices = [];
  openCodes = new Set();
  const read = createShortReads(store.database, () => performance.now());
  logs = createStaffLogs({
    kioskId: 'hall-1', book, read: (sql, parameters = []) => Promise.resolve(read(sql, parameters)), devices: () => devices, openCodes: () => openCodes, now: Date.now,
    stickFolders: [path.join(folder, 'sticks'), path.join(folder, 'missing')], exportFolder: undefined,
  });
});
afterEach(async () => {
  await book.close();
  store.close();
  fs.rmSync(folder, { recursive: true });
});

/** Through the contract's own check, as the page gets it. */
async function ask<M extends keyof StaffLogs>(method: M, params: Parameters<StaffLogs[M]>[0]) {
  const result = await (logs[method] as (params: unknown, member: StaffMember) => unknown)(params, member) as { ok: boolean; value: unknown; error: unknown };
  if (result.ok) staffRequests[method as StaffMethod].result.parse(result.value);
  return result;
}
const find = async (filter = {}) => {
  const found = await logs['logs.find']({ filter, limit: 500 }, member);
  return found.ok ? found.value : { entries: [], newest: 0, sources: [], more: false, tookMs: 0 };
};
const until = async (message: string) => {
  await expect.poll(async () => (await find()).entries.map((entry) => entry.message)).toContain(message);
};

describe("staff's log", () => {
  it('is found, followed, and says which sources there are', async () => {
    log.warn('device', { source: 'devices', event: 'device', code: 'PRINTER_PAPER_OUT', device: 'receipt printer' });
    log.info('first');
    await until('first');
    const { newest, sources } = await find();
    expect([newest, sources]).toEqual([2, ['devices', 'kiosk']]);
    expect(await ask('logs.find', { filter: { code: 'PRINTER_PAPER_OUT' }, limit: 10 })).toMatchObject({ ok: true, value: { more: false, entries: [{ id: 1, level: 'warn', source: 'devices', event: 'device', fields: { device: 'receipt printer' } }] } });
    log.info('second');
    await until('second');
    expect(await ask('logs.since', { filter: {}, after: newest, limit: 10 })).toMatchObject({ ok: true, value: { newest: 3, entries: [{ message: 'second' }] } });
  });

  it('tells what is broken, since when, how often and what to do, the open ones first', async () => {
    log.error(codedError('HQ_UNAVAILABLE', 'once'));
    log.error(codedError('HQ_UNAVAILABLE', 'again'));
    log.error(codedError('STAFF_NOT_ALLOWED', 'is no fault of the kiosk'));
    log.warn('device', { event: 'device', code: 'PRINTER_PAPER_OUT', device: 'receipt printer' });
    log.warn('the end');
    await until('the end');
    devices = [
      deviceState({ name: 'receipt printer', kind: 'receipt_printer' }, { code: 'PRINTER_READY', detail: '' }, 1),
      deviceState({ name: 'scanner', kind: 'scanner' }, { code: 'SCANNER_UNPLUGGED', detail: '' }, 7),
    ];
    openCodes.add('HQ_UNAVAILABLE');
    const told = await ask('logs.faults', {});
    expect(told).toMatchObject({ ok: true, value: { faults: [
      { code: 'HQ_UNAVAILABLE', times: 2, open: true, source: 'sync', advice: { en: expect.stringContaining('network') as string } },
      { code: 'SCANNER_UNPLUGGED', source: 'scanner', since: 7, open: true },
      { code: 'PRINTER_PAPER_OUT', source: 'receipt printer', open: false },
    ] } });
  });

  it("tells an order's whole life in the order of time, up to HQ's acknowledgement, with no word of its customer", async () => {
    const attempt = seller.startPaying();
    log.info('a card payment begins', { source: 'payments', event: 'payment.begun', order: attempt.orderId, attempt: attempt.id });
    seller.approve(attempt);
    log.info('card payment ended', { source: 'payments', event: 'payment.ended', order: attempt.orderId, outcome: 'approved' });
    const other = seller.sell();
    await until('card payment ended');
    const waiting = await ask('logs.trail', { orderId: attempt.orderId });
    const kinds = (trail: unknown) => (trail as { value: { steps: { kind: string; title: string; detail: string; at: number }[] } }).value.steps;
    expect(kinds(waiting).map(({ kind, title }) => `${kind} ${title}`)).toEqual(expect.arrayContaining([
      'event order.placed', 'event order.state', 'event payment.attempt', 'attempt attempt.approved', 'job print_receipt', 'log payment.begun', 'log payment.ended',
    ]));
    expect(kinds(waiting).filter(({ kind }) => kind === 'acknowledged')).toEqual([]);
    expect(kinds(waiting).filter(({ kind }) => kind === 'event').every(({ detail }) => detail.includes('hq=waiting'))).toBe(true);
    expect(kinds(waiting).map(({ at }) => at)).toEqual(kinds(waiting).map(({ at }) => at).toSorted((left, right) => left - right));
    expect(JSON.stringify(waiting)).not.toContain(other);
    expect(JSON.stringify(waiting)).not.toContain('Planted');

    const outbox = createOutbox(store.database);
    const { epoch, last } = store.database.prepare<[], { epoch: number; last: number }>("SELECT epoch, last FROM lanes WHERE lane = 'orders'").get()!;
    outbox.setAcknowledged('orders', epoch, last);
    log.info('HQ has it', { source: 'sync', event: 'sync.acknowledged', lane: 'orders', epoch, upTo: last });
    await until('HQ has it');
    const done = kinds(await ask('logs.trail', { orderId: attempt.orderId }));
    expect(done.filter(({ kind }) => kind === 'acknowledged')).toMatchObject([{ title: 'acknowledged', detail: expect.stringContaining('order.placed #1') as string }]);
    expect(done.at(-1)!.kind).toBe('acknowledged');
  });

  it('an order that nobody knows has no trail', async () => {
    expect(await ask('logs.trail', { orderId: '019a0000-0000-7000-8000-00000000000a' as OrderId })).toMatchObject({ ok: false, error: { code: 'ORDER_UNKNOWN' } });
  });

  it('goes to a stick that is there, and to no other folder, whatever the page asks for', async () => {
    log.warn('to be taken along');
    await until('to be taken along');
    const stick = path.join(folder, 'sticks', 'RED');
    expect(await ask('logs.targets', {})).toMatchObject({ ok: true, value: { targets: [{ id: stick, kind: 'usb', label: 'RED' }] } });
    const written = await ask('logs.export', { filter: {}, targetId: stick });
    expect(written).toMatchObject({ ok: true, value: { entries: 1 } });
    expect(fs.readdirSync(stick)).toHaveLength(2);
    expect(await ask('logs.export', { filter: {}, targetId: folder })).toMatchObject({ ok: false, error: { code: 'EXPORT_FAILED' } });
    fs.rmSync(stick, { recursive: true });
    expect(await ask('logs.export', { filter: {}, targetId: stick })).toMatchObject({ ok: false, error: { code: 'EXPORT_FAILED' } });
    expect(fs.existsSync(stick)).toBe(false);
  });
});

import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { logFileName, logKeyHex, openLogDatabase } from '../store/logs/log-database.ts';
import { createLogReader } from '../store/logs/log-reader.ts';
import { decryptFile, decryptWal } from '../store/testing/sqlcipher-format.ts';
import { approving, openStage } from './testing/kiosk-stage-rig.ts';

const keyHex = 'e5'.repeat(32);
/** What customers say of themselves, and what devices should never tell. */
const planted = { phone: '13987654321', name: '欧阳种下', words: 'plantedfeedbackwords', pan: '5500005555555559', paymentCode: '134567890123456789', staffPin: '928173' } as const;

test("a customer's whole visit is in the kiosk's own log from the tap on \"pay\" to HQ's acknowledgement, and nothing that they said of themselves", async (context) => {
  const stage = await openStage(context, { key: { ok: true, value: { hex: keyHex, provider: 'test' } }, terminal: { ...approving, maskedPan: planted.pan, cardName: `VISA ${planted.pan}` } });
  await stage.untilStatus(({ hq }) => hq === 'ready');
  const bought = await stage.place('cola', { offerId: 'top-up-30', form: { phone: planted.phone } });
  await stage.pay(bought.id);
  await stage.untilOrder(bought.id, ({ state }) => state === 'paid' || state === 'fulfilled');
  // Broken and strange calls, as only a page that is not ours makes them.
  await stage.kiosk.request('place', { ...stage.placing('cola'), form: { name: planted.name, phone: planted.phone } } as never);
  await stage.kiosk.request('scan', { text: planted.paymentCode });
  await stage.kiosk.request('feedback', { orderId: bought.id, rating: 5, text: `${planted.words} ${planted.name} ${planted.phone}` } as never);
  await stage.kiosk.request('staff.login', { number: '10001', pin: planted.staffPin, code: planted.staffPin });
  await stage.kiosk.request('report', { message: `call ${planted.phone} about ${planted.pan}` });
  await stage.kiosk.untilLog(({ event, order }) => event === 'print.done' && order === bought.id);
  await stage.kiosk.untilLog(({ event }) => event === 'sync.acknowledged');
  await stage.hq.until(({ kind, payload }) => kind === 'payment.attempt' && payload.orderId === bought.id && payload.state === 'approved');
  await stage.kiosk.untilLog(({ message, detail }) => message === 'the page reports a fault' && String(detail).startsWith('call'));
  await stage.kiosk.stop();

  const folder = path.join(stage.dataFolder, 'store');
  const bytes = ['', '-wal'].flatMap((ending) => {
    const file = path.join(folder, `${logFileName}${ending}`);
    return fs.existsSync(file) ? [fs.readFileSync(file)] : [];
  });
  const main = bytes[0]!;
  const plain = Buffer.concat([decryptFile(main, logKeyHex(keyHex)), ...(bytes[1] ? decryptWal(bytes[1], main.subarray(0, 16), logKeyHex(keyHex)) : [])]);
  const output = stage.kiosk.log().map((line) => JSON.stringify(line)).join('\n');
  // It would be found: what stands there is.
  expect(plain.includes('payment.begun')).toBe(true);
  const found = Object.entries(planted).filter(([, text]) => plain.includes(text) || output.includes(text) || main.includes(text));
  expect(found).toEqual([]);

  const { database } = openLogDatabase({ folder, storeKeyHex: keyHex, now: Date.now });
  try {
    const reader = createLogReader(database, () => 0);
    const events = reader.forward({ orderId: bought.id }, 0, 100).map(({ event }) => event);
    expect(events.slice(0, 3)).toEqual(['order.placed', 'payment.begun', 'payment.ended']);
    expect(events).toContain('print.done');
    expect(reader.sources()).toEqual(expect.arrayContaining(['payments', 'printing', 'sync', 'page']));
    expect(reader.find({ event: 'sync.acknowledged' }, undefined, 10).entries.length).toBeGreaterThan(0);
  } finally {
    database.close();
  }
});

test('a kiosk that is killed in the middle, and a log that is damaged meanwhile, sells on', async (context) => {
  const stage = await openStage(context, { key: { ok: true, value: { hex: keyHex, provider: 'test' } }, terminal: approving });
  await stage.kiosk.untilLog(({ event }) => event === 'device');
  await stage.kiosk.kill();
  fs.writeFileSync(path.join(stage.dataFolder, 'store', logFileName), 'no database any more '.repeat(1_000));
  await stage.restart();
  await stage.open();
  await stage.untilStatus(({ card }) => card === 'ready');
  const bought = await stage.place('cola');
  await stage.pay(bought.id);
  await stage.untilOrder(bought.id, ({ state }) => state === 'fulfilled');
  await stage.kiosk.stop();
  const { database } = openLogDatabase({ folder: path.join(stage.dataFolder, 'store'), storeKeyHex: keyHex, now: Date.now });
  try {
    const reader = createLogReader(database, () => 0);
    expect(reader.find({ event: 'log.begun_anew' }, undefined, 10).entries).toHaveLength(1);
    expect(reader.find({ orderId: bought.id }, undefined, 10).entries.length).toBeGreaterThan(1);
  } finally {
    database.close();
  }
});

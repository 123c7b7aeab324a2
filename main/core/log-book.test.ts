import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codedError } from '../../domain/contract/errors.ts';
import { decryptFile } from '../store/testing/sqlcipher-format.ts';
import { logFileName, logKeyHex, openLogDatabase } from '../store/logs/log-database.ts';
import type { LogBook } from './log-book.ts';
import { createLogBook } from './log-book.ts';
import { createLog, withSource } from './log.ts';

const keyHex = 'a1'.repeat(32);
let folder: string;
let book: LogBook;
const limits = { maxEntries: 100_000, maxBytes: 100_000_000 };

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'log-book-'));
  book = createLogBook(Date.now);
});
afterEach(async () => {
  await book.close();
  fs.rmSync(folder, { recursive: true });
});

const open = (storeKeyHex = keyHex) => book.open({ folder, storeKeyHex, limits });
const all = async () => {
  const found = await book.ask('find', { filter: {}, limit: 500 });
  return found.ok ? found.value.entries : [];
};
const until = async (text: string) => {
  await expect.poll(async () => (await all()).map(({ message }) => message)).toContain(text);
};
const line = (message: string) => ({ at: Date.now(), level: 'info', source: 'test', message }) as const;

describe('the book of the log', () => {
  it('keeps what was said before there was a place for it, and what was said last', async () => {
    book.take(line('before'));
    open();
    await until('before');
    book.take(line('the last word'));
    await book.close();
    book.take(line('while it was closed'));
    open();
    await until('while it was closed');
    expect((await all()).map(({ message }) => message)).toEqual(['while it was closed', 'the last word', 'before']);
  });

  it('drops and counts what is too much, and never grows without end', async () => {
    for (let index = 0; index < 6_000; index++) book.take(line(`line ${index}`));
    open();
    await until('lines of the log were dropped');
    expect((await all()).find(({ source }) => source === 'log')).toMatchObject({ level: 'warn', event: 'log.dropped', fields: '{"dropped":1000}' });
  });

  it('says so when the log is of another key, and goes on with a new one', async () => {
    open();
    book.take(line('old'));
    await until('old');
    open('b2'.repeat(32));
    await expect.poll(async () => (await all()).map(({ event }) => event)).toEqual(['log.begun_anew']);
  });

  it('writes the last words of a process while nothing else of its thread runs', () => {
    const script = `
      import { createLogBook } from ${JSON.stringify(path.join(import.meta.dirname, 'log-book.ts'))};
      import { setTimeout as wait } from 'node:timers/promises';
      const book = createLogBook(Date.now);
      book.open({ folder: ${JSON.stringify(folder)}, storeKeyHex: ${JSON.stringify(keyHex)}, limits: ${JSON.stringify(limits)} });
      while (!(await book.ask('faults', {})).ok) await wait(20);
      book.take({ at: 1, level: 'error', source: 'kiosk', message: 'I am dying' });
      book.flushNow(10_000);
      process.kill(process.pid, 'SIGKILL');`;
    fs.writeFileSync(path.join(folder, 'dying.mjs'), script);
    // A thread would inherit the options of a script that is given by --eval.
    expect(spawnSync(process.execPath, [path.join(folder, 'dying.mjs')], { timeout: 60_000, stdio: 'inherit' }).signal).toBe('SIGKILL');
    const { database } = openLogDatabase({ folder, storeKeyHex: keyHex, now: Date.now });
    try {
      expect(database.prepare('SELECT message FROM entries').pluck().all()).toEqual(['I am dying']);
    } finally {
      database.close();
    }
  });

  it('starts its thread again when that dies, and loses no line and doubles none', async () => {
    const terminate: (() => Promise<number>)[] = [];
    const onWorker = (worker: Worker) => terminate.push(() => worker.terminate());
    process.on('worker', onWorker);
    try {
      open();
      book.take(line('first'));
      await until('first');
      book.take(line('second'));
      await terminate.at(-1)!();
      book.take(line('third'));
      await until('third');
    } finally {
      process.off('worker', onWorker);
    }
    const said = (await all()).filter(({ source }) => source === 'test').map(({ message }) => message);
    expect(said).toEqual(['third', 'second', 'first']);
    expect((await all()).map(({ event }) => event)).toContain('log.thread');
  });

  it('has an answer for each question, also where it is not open or its folder cannot be', async () => {
    expect(await book.ask('faults', {})).toMatchObject({ ok: false });
    fs.writeFileSync(path.join(folder, 'file'), '');
    book.open({ folder: path.join(folder, 'file'), storeKeyHex: keyHex, limits });
    await Promise.resolve();
    expect(await book.ask('faults', {})).toMatchObject({ ok: false });
  });
});

describe('what must not stand in a log', () => {
  const planted = [
    '4111 1111 1111 1111', '5500-0000-0000-0004', '378282246310005', '13912345678', '+49 170 1234567', '139 1234 5678', 'zhang.wei@example.com', '284712', 'JBSWY3DPEHPK3PXPJBSWY3DP',
    keyHex, '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNo', '134567890123456789', 'otpauth://totp/Counter24:12?secret=ABC', '张伟',
  ];

  it('stands in none of its sinks: not in the output, not in the bytes of the file', async () => {
    const written: string[] = [];
    const log = withSource(createLog((text) => written.push(text), Date.now, book), 'payments');
    open();
    for (const secret of planted.slice(0, -1)) {
      const said = secret.length === 6 ? `PIN: ${secret}` : `it was ${secret}, they say`;
      log.info(said, { detail: said, order: said, event: secret, source: secret });
      log.warn(`${said} again`, { phone: secret, token: secret, pin: secret, form: secret });
      log.error(codedError('INTERNAL', said), { nested: JSON.stringify({ deep: [said] }) });
    }
    log.warn('a name stands only under names that are not looked into', { customer: planted.at(-1)!, recipient: planted.at(-1)! });
    log.info('the last line');
    await until('the last line');
    await book.close();
    const plain = decryptFile(fs.readFileSync(path.join(folder, logFileName)), logKeyHex(keyHex));
    expect(plain.includes('the last line')).toBe(true);
    const found = planted.filter((secret) => plain.includes(secret) || plain.includes(secret.replaceAll(/[ -]/g, '')) || written.join('\n').includes(secret));
    expect(found).toEqual([]);
  });

  it('what is ours stays: ids, times, codes, amounts and addresses', async () => {
    const written: string[] = [];
    const log = createLog((text) => written.push(text), () => 1_790_000_000_000, book);
    const order = '019a0000-0000-7000-8000-00000000000a';
    log.warn('connect ECONNREFUSED 10.0.0.9:443', { order, attempt: order, amount: 12_350, since: 1_790_000_000_000, code: 'HQ_UNAVAILABLE', event: 'sync.offline' });
    expect(JSON.parse(written[0]!)).toEqual({
      at: new Date(1_790_000_000_000).toISOString(), level: 'warn', message: 'connect ECONNREFUSED 10.0.0.9:443', code: 'HQ_UNAVAILABLE', attempt: order, amount: 12_350, since: 1_790_000_000_000,
      source: 'sync', event: 'sync.offline', order,
    });
  });
});

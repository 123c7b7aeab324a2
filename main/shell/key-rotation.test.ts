import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { CodedError } from '../../domain/contract/errors.ts';
import type { CoreToShell } from '../../domain/contract/shell.ts';
import type { StoreOpener } from '../core/store-opener.ts';
import { createStoreOpener } from '../core/store-opener.ts';
import { openKeyed } from '../store/connection.ts';
import { createSellerRig } from '../store/testing/seller-rig.ts';
import { createKeyFiles } from './key-files.ts';

let dataFolder: string;
let told: CoreToShell[];
let troubles: CodedError[];

beforeEach(() => {
  dataFolder = fs.mkdtempSync(path.join(os.tmpdir(), 'store-opener-'));
  told = [];
  troubles = [];
});
afterEach(() => fs.rmSync(dataFolder, { recursive: true }));

/** The shell's own keys, as in development. */
const shellKeys = () => createKeyFiles({ name: 'test', dataFolder, fileName: 'key', wrap: (hex) => Buffer.from(hex), unwrap: (bytes) => bytes.toString('utf8') });

function valueOf<T>(result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: CodedError }): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.detail}`);
  return result.value;
}

/** A start of core: what it tells the shell is done there, unless the shell is deaf. */
function start(isDeaf = false): StoreOpener {
  return createStoreOpener({
    folder: path.join(dataFolder, 'store'), now: Date.now, onTrouble: (error) => troubles.push(error),
    tellShell(message) {
      told.push(message);
      if (message.kind === 'key_in_force' && !isDeaf) shellKeys().inForce(message.fingerprint);
    },
  });
}

/** Opens, sells one, and answers every order that is there. */
function sellOne(opener: StoreOpener): readonly string[] {
  const store = valueOf(opener.open(valueOf(shellKeys().key())));
  createSellerRig(store.database).sell();
  const ids = store.database.prepare<[], string>('SELECT id FROM orders ORDER BY id').pluck().all() as string[];
  store.close();
  return ids;
}

it('a key is changed between two sales: all orders stay, the old key is gone from the shell, and it is told once', () => {
  const opener = start();
  const first = sellOne(opener);
  expect(opener.takeRotated()).toBeUndefined();
  const { hex } = valueOf(shellKeys().key());
  shellKeys().rotate();
  const second = sellOne(opener);
  expect(second).toEqual([...first, expect.any(String)]);
  expect([opener.takeRotated(), opener.takeRotated()]).toEqual(['test', undefined]);
  const key = valueOf(shellKeys().key());
  expect(key.hex).not.toBe(hex);
  expect(key.nextHex).toBeUndefined();
  expect(sellOne(opener)).toHaveLength(3);
  expect(told).toHaveLength(1);
});

it('a shell that did not hear it, or died before it acted, still opens the store, and hears it again at the next start', () => {
  sellOne(start());
  shellKeys().rotate();
  const deaf = start(true);
  sellOne(deaf);
  expect(valueOf(shellKeys().key()).nextHex).toBeDefined();
  sellOne(deaf);
  expect(told).toHaveLength(1);
  const next = start();
  expect(sellOne(next)).toHaveLength(4);
  expect(next.takeRotated()).toBeUndefined();
  expect(told).toHaveLength(2);
  expect(valueOf(shellKeys().key()).nextHex).toBeUndefined();
});

it('where it cannot be changed now it is sold on under the old key, and both keys stay', () => {
  const ids = sellOne(start());
  const before = valueOf(shellKeys().key()).hex;
  shellKeys().rotate();
  const other = openKeyed({ file: path.join(dataFolder, 'store/store.db'), keyHex: before });
  other.prepare('SELECT count(*) FROM orders').get();
  const opener = start();
  expect(sellOne(opener)).toHaveLength(ids.length + 1);
  other.close();
  expect(troubles.map(({ code }) => code)).toEqual(['STORE_REKEY_FAILED']);
  expect(told).toEqual([]);
  expect(valueOf(shellKeys().key())).toMatchObject({ hex: before, nextHex: expect.any(String) as string });
  expect(sellOne(start())).toHaveLength(ids.length + 2);
  expect(valueOf(shellKeys().key()).nextHex).toBeUndefined();
});

it('a key of another provider is refused by name, with or without a next one', () => {
  sellOne(start());
  shellKeys().rotate();
  const key = { ...valueOf(shellKeys().key()), provider: 'another' };
  expect(start().open(key)).toMatchObject({ ok: false, error: { code: 'KEY_PROVIDER_CHANGED' } });
  expect(told).toEqual([]);
});

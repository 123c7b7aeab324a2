import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toCoreSchema } from '../../domain/contract/shell.ts';
import { fingerprintOf as fingerprintOfCore } from '../store/rekey.ts';
import { answerCore } from './core-answers.ts';
import type { Key, KeyProvider } from './key-files.ts';
import { createKeyFiles, createSystemdKeys, fingerprintOf } from './key-files.ts';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'key-files-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

/** Wraps with AES-256-GCM, as a keyring does. */
function wrappedKeys(wrapping = Buffer.alloc(32, 7)): KeyProvider {
  return createKeyFiles({
    name: 'keyring', dataFolder: folder, fileName: 'store-key.wrapped',
    wrap(keyHex) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', wrapping, nonce);
      return Buffer.concat([nonce, cipher.update(keyHex, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    },
    unwrap(wrapped) {
      const cipher = createDecipheriv('aes-256-gcm', wrapping, wrapped.subarray(0, 12)).setAuthTag(wrapped.subarray(-16));
      return Buffer.concat([cipher.update(wrapped.subarray(12, -16)), cipher.final()]).toString('utf8');
    },
  });
}

function valueOf(key: Key) {
  if (!key.ok) throw new Error(key.error.detail);
  return key.value;
}

function makeStore(): void {
  fs.mkdirSync(path.join(folder, 'store'));
  fs.writeFileSync(path.join(folder, 'store/store.db'), 'encrypted');
}

const complain = (message: string) => {
  throw new Error(message);
};

describe('keys in the data folder', () => {
  it('makes a key once, wrapped, and gives the same one ever after', () => {
    const { hex, provider } = valueOf(wrappedKeys().key());
    expect(provider).toBe('keyring');
    expect(valueOf(wrappedKeys().key()).hex).toBe(hex);
    const file = path.join(folder, 'store-key.wrapped');
    expect(fs.readFileSync(file).includes(Buffer.from(hex))).toBe(false);
    if (process.platform !== 'win32') expect(fs.statSync(file).mode & 0o077).toBe(0);
  });

  it('never makes a new key where a store needs the one that is gone', () => {
    makeStore();
    expect(wrappedKeys().key()).toMatchObject({ ok: false, error: { code: 'KEY_UNAVAILABLE' } });
    expect(wrappedKeys().rotate()).toMatchObject({ ok: false, error: { code: 'KEY_UNAVAILABLE' } });
    expect(fs.readdirSync(folder)).toEqual(['store']);
  });

  it('refuses a key that is wrapped by somebody else, and leaves it', () => {
    const { hex } = valueOf(wrappedKeys().key());
    expect(wrappedKeys(Buffer.alloc(32, 8)).key()).toMatchObject({ ok: false, error: { code: 'KEY_UNAVAILABLE' } });
    expect(valueOf(wrappedKeys().key()).hex).toBe(hex);
  });

  it('gives both keys until core has said which is in force, however often it is asked', () => {
    const keys = wrappedKeys();
    const { hex } = valueOf(keys.key());
    const { nextHex } = valueOf(keys.rotate());
    expect(nextHex).toMatch(/^[0-9a-f]{64}$/);
    expect(nextHex).not.toBe(hex);
    for (const again of [keys.rotate(), keys.key(), wrappedKeys().key()]) expect(valueOf(again)).toEqual({ hex, provider: 'keyring', nextHex });
    keys.inForce(fingerprintOf(nextHex!));
    expect(valueOf(wrappedKeys().key())).toEqual({ hex: nextHex, provider: 'keyring' });
    expect(fs.readdirSync(folder)).toEqual(['store-key.wrapped']);
  });

  it('keeps both where core names the old key, or one that nobody knows', () => {
    const keys = wrappedKeys();
    const { hex } = valueOf(keys.key());
    const both = valueOf(keys.rotate());
    keys.inForce(fingerprintOf(hex));
    keys.inForce('0123456789abcdef');
    expect(valueOf(keys.key())).toEqual(both);
  });

  it('does not take a late word about one rotation for the next one', () => {
    const keys = wrappedKeys();
    valueOf(keys.key());
    const first = valueOf(keys.rotate()).nextHex!;
    keys.inForce(fingerprintOf(first));
    const second = valueOf(keys.rotate());
    keys.inForce(fingerprintOf(first));
    expect(valueOf(keys.key())).toEqual(second);
    expect(second.hex).toBe(first);
  });

  it('overwrites the rest of a draft that a power cut left behind', () => {
    fs.writeFileSync(path.join(folder, 'store-key.wrapped.new'), 'half');
    expect(valueOf(wrappedKeys().key()).hex).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('a systemd credential', () => {
  it('is read, and cannot be changed by us: that is said by name, and the key goes on', () => {
    fs.writeFileSync(path.join(folder, 'counter24-store-key'), `${'ab'.repeat(32)}\n`);
    const keys = createSystemdKeys(folder);
    expect(valueOf(keys.key())).toEqual({ hex: 'ab'.repeat(32), provider: 'systemd' });
    const answer = answerCore({ kind: 'rotate_key' }, { keys, complain });
    expect(answer).toMatchObject({ kind: 'key_not_rotated', error: { code: 'KEY_UNAVAILABLE', detail: expect.stringMatching(/systemd credential.*administrator.*counter24-store-key-next/) as string } });
    expect(toCoreSchema.safeParse(answer).success).toBe(true);
    expect(valueOf(keys.key()).hex).toBe('ab'.repeat(32));
  });

  it('is followed to the second one that the administrator gives', () => {
    fs.writeFileSync(path.join(folder, 'counter24-store-key'), 'ab'.repeat(32));
    fs.writeFileSync(path.join(folder, 'counter24-store-key-next'), 'cd'.repeat(32));
    expect(valueOf(createSystemdKeys(folder).rotate())).toEqual({ hex: 'ab'.repeat(32), provider: 'systemd', nextHex: 'cd'.repeat(32) });
  });

  it.each(['', 'zz'.repeat(32), 'ab'.repeat(31), 'AB'.repeat(32)])('is refused where it is no key: "%s"', (text) => {
    fs.writeFileSync(path.join(folder, 'counter24-store-key'), text);
    expect(createSystemdKeys(folder).key()).toMatchObject({ ok: false, error: { code: 'KEY_UNAVAILABLE' } });
  });
});

describe('what core says', () => {
  it('is answered by the contract, from the first key to the end of a rotation', () => {
    const keys = wrappedKeys();
    const wanted = toCoreSchema.parse(answerCore({ kind: 'key_wanted' }, { keys, complain }));
    const rotated = toCoreSchema.parse(answerCore({ kind: 'rotate_key' }, { keys, complain }));
    if (wanted.kind !== 'key' || rotated.kind !== 'key') throw new Error('no key');
    const { nextHex } = valueOf(rotated.key);
    expect(answerCore({ kind: 'key_in_force', fingerprint: fingerprintOf(nextHex!) }, { keys, complain })).toBeUndefined();
    expect(answerCore({ kind: 'key_wanted' }, { keys, complain })).toEqual({ kind: 'key', key: { ok: true, value: { hex: nextHex, provider: 'keyring' } } });
  });

  it('names a key by the same fingerprint as the shell does', () => {
    const { hex } = valueOf(wrappedKeys().key());
    expect(fingerprintOfCore(hex)).toBe(fingerprintOf(hex));
    expect(fingerprintOf(hex)).toMatch(/^[0-9a-f]{16}$/);
    expect(hex).not.toContain(fingerprintOf(hex));
  });

  it('ends nothing where the disk refuses: both keys stay', () => {
    const complaints: string[] = [];
    const keys: KeyProvider = { ...wrappedKeys(), inForce: () => { throw new Error('ENOSPC'); } };
    expect(answerCore({ kind: 'key_in_force', fingerprint: '0123456789abcdef' }, { keys, complain: (message) => complaints.push(message) })).toBeUndefined();
    expect(complaints).toEqual([expect.stringContaining('ENOSPC')]);
  });
});

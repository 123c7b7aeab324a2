import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { CodedError } from '../../domain/contract/errors.ts';
import { codedError, messageOf } from '../../domain/contract/errors.ts';
import type { StartMessage } from '../../domain/contract/shell.ts';

export type Key = StartMessage['key'];

/** Where the store's key comes from. The same for as long as the store lives: core refuses another. */
export interface KeyProvider {
  /** The key in force; while it is being changed the next one beside it. Made where there is neither key nor store. */
  key(): Key;
  /** Makes a next key, or answers the one that was made before and is not in force yet. */
  rotate(): Key;
  /** Core's word that everything is under this key: the next becomes the key, and the old one is gone. */
  inForce(fingerprint: string): void;
}

export interface KeyFilesDeps {
  readonly name: string;
  readonly dataFolder: string;
  /** Of the key in force, in the data folder; the next one lies beside it with `.next`. */
  readonly fileName: string;
  readonly wrap: (keyHex: string) => Buffer;
  readonly unwrap: (wrapped: Buffer) => string;
  /** Why this file must not be used, where that is so. */
  readonly refuse?: (file: string) => string | undefined;
}

/** A provider whose keys lie in the data folder, wrapped by `wrap`. */
export function createKeyFiles({ name, dataFolder, fileName, wrap, unwrap, refuse }: KeyFilesDeps): KeyProvider {
  const file = path.join(dataFolder, fileName);
  const nextFile = `${file}.next`;

  function read(from: string): string {
    const refused = refuse?.(from);
    if (refused !== undefined) throw new Error(refused);
    return keyHexOf(unwrap(fs.readFileSync(from)).trim(), name);
  }

  function key(): Key {
    return guarded(() => {
      // A new key would lock an existing store for ever.
      if (!fs.existsSync(file) && hasStore(dataFolder)) throw new Error(`${file} is gone, and there is a store that needs it`);
      if (!fs.existsSync(file)) writeOnce(file, wrap(randomBytes(32).toString('hex')));
      const hex = read(file);
      return { hex, provider: name, ...(fs.existsSync(nextFile) ? { nextHex: read(nextFile) } : {}) };
    });
  }

  return {
    key,
    rotate() {
      const current = key();
      if (!current.ok || current.value.nextHex !== undefined) return current;
      return guarded(() => {
        writeOnce(nextFile, wrap(randomBytes(32).toString('hex')));
        // Read back: what cannot be unwrapped must not become the key of anything.
        return { ...current.value, nextHex: read(nextFile) };
      });
    },
    inForce(fingerprint) {
      if (!fs.existsSync(nextFile) || fingerprintOf(read(nextFile)) !== fingerprint) return;
      fs.renameSync(nextFile, file);
      syncFolder(dataFolder);
    },
  };
}

/** systemd.exec(5), LoadCredentialEncrypted=counter24-store-key: 64 hex digits. They are the administrator's, read-only to us. */
export function createSystemdKeys(credentialsFolder: string): KeyProvider {
  const file = path.join(credentialsFolder, systemdCredential);
  const nextFile = path.join(credentialsFolder, `${systemdCredential}-next`);
  const read = (from: string) => keyHexOf(fs.readFileSync(from, 'utf8').trim(), 'systemd');
  const key = () => guarded(() => ({ hex: read(file), provider: 'systemd', ...(fs.existsSync(nextFile) ? { nextHex: read(nextFile) } : {}) }));

  return {
    key,
    rotate() {
      const current = key();
      if (!current.ok || current.value.nextHex !== undefined) return current;
      return unavailable(`the key is a systemd credential, which only an administrator can change: give the unit a second one, "${systemdCredential}-next", and start it again`);
    },
    inForce: () => undefined,
  };
}

export const systemdCredential = 'counter24-store-key';

/** @param keyHex 64 hex digits; the answer is core's, too (main/store/rekey.ts) */
export function fingerprintOf(keyHex: string): string {
  return createHash('sha256').update(Buffer.from(keyHex, 'hex')).digest('hex').slice(0, 16);
}

export function unavailable(detail: string): { readonly ok: false; readonly error: CodedError } {
  return { ok: false, error: codedError('KEY_UNAVAILABLE', detail) };
}

function guarded(act: () => Extract<Key, { ok: true }>['value']): Key {
  try {
    return { ok: true, value: act() };
  } catch (cause) {
    return unavailable(messageOf(cause));
  }
}

function keyHexOf(text: string, provider: string): string {
  if (!/^[0-9a-f]{64}$/.test(text)) throw new Error(`the key of ${provider} is not 64 hex digits`);
  return text;
}

function hasStore(dataFolder: string): boolean {
  return fs.existsSync(path.join(dataFolder, 'store', 'store.db'));
}

/** Whole or not at all, and on disk before anything is encrypted with it: half a key would lock the store for ever. */
function writeOnce(file: string, contents: Buffer): void {
  const folder = path.dirname(file);
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = `${file}.new`;
  fs.writeFileSync(draft, contents, { mode: 0o600, flush: true });
  fs.renameSync(draft, file);
  syncFolder(folder);
}

/** A rename survives a power cut once its folder is synced; Windows has no such call. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = fs.openSync(folder, 'r');
  try {
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

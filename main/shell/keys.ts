import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { app, safeStorage } from 'electron';
import { codedError, messageOf } from '../../domain/contract/errors.ts';
import type { StartMessage } from '../../domain/contract/shell.ts';

type Key = StartMessage['key'];

const systemdCredential = 'counter24-store-key';

/**
 * The store's key from the first provider that there is: a systemd credential, the desktop's keyring by Electron's
 * safeStorage, or, in development only, a file. Core remembers which it was and refuses another.
 */
export function storeKey(dataFolder: string): Key {
  try {
    return fromSystemd() ?? fromSafeStorage(dataFolder) ?? fromDevelopmentFile(dataFolder) ?? unavailable('no systemd credential, and no keyring behind safeStorage');
  } catch (cause) {
    return unavailable(messageOf(cause));
  }
}

/** systemd.exec(5), LoadCredentialEncrypted=counter24-store-key: 64 hex digits. */
function fromSystemd(): Key | undefined {
  const folder = process.env['CREDENTIALS_DIRECTORY'];
  if (!folder || !fs.existsSync(path.join(folder, systemdCredential))) return undefined;
  return keyOf(fs.readFileSync(path.join(folder, systemdCredential), 'utf8'), 'systemd');
}

function fromSafeStorage(dataFolder: string): Key | undefined {
  // `basic_text` encrypts with a word that everybody knows: it is no provider.
  if (!safeStorage.isEncryptionAvailable() || (process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text')) return undefined;
  const file = path.join(dataFolder, 'store-key.wrapped');
  if (!fs.existsSync(file) && hasStore(dataFolder)) return unavailable(`${file} is gone, and there is a store that needs it`);
  if (!fs.existsSync(file)) writeOnce(file, safeStorage.encryptString(randomBytes(32).toString('hex')));
  return keyOf(safeStorage.decryptString(fs.readFileSync(file)), 'safe-storage');
}

function fromDevelopmentFile(dataFolder: string): Key | undefined {
  if (app.isPackaged) return undefined;
  const file = path.join(dataFolder, 'development-store-key');
  console.error(`!!! DEVELOPMENT KEY: the store's key lies unprotected in ${file}. Never sell with it. !!!`);
  if (!fs.existsSync(file) && hasStore(dataFolder)) return unavailable(`${file} is gone, and there is a store that needs it`);
  if (!fs.existsSync(file)) writeOnce(file, randomBytes(32).toString('hex'));
  if (process.platform !== 'win32' && (fs.statSync(file).mode & 0o077) !== 0) return unavailable(`${file} may be read by others: chmod 600 it`);
  return keyOf(fs.readFileSync(file, 'utf8'), 'development-file');
}

/** A new key would lock an existing store for ever. */
function hasStore(dataFolder: string): boolean {
  return fs.existsSync(path.join(dataFolder, 'store', 'store.db'));
}

/** Whole or not at all: half a key would lock the store for ever. */
function writeOnce(file: string, contents: string | Buffer): void {
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.new`;
  fs.writeFileSync(draft, contents, { mode: 0o600, flush: true });
  fs.renameSync(draft, file);
}

function keyOf(text: string, provider: string): Key {
  const hex = text.trim();
  return /^[0-9a-f]{64}$/.test(hex) ? { ok: true, value: { hex, provider } } : unavailable(`the key of ${provider} is not 64 hex digits`);
}

function unavailable(detail: string): Key {
  return { ok: false, error: codedError('KEY_UNAVAILABLE', detail) };
}

import fs from 'node:fs';
import path from 'node:path';
import { app, safeStorage } from 'electron';
import { messageOf } from '../../domain/contract/errors.ts';
import type { KeyProvider } from './key-files.ts';
import { createKeyFiles, createSystemdKeys, systemdCredential, unavailable } from './key-files.ts';

/**
 * The store's key from the first provider that there is: a systemd credential, the desktop's keyring by Electron's
 * safeStorage, or, in development only, a file. Core remembers which it was and refuses another.
 */
export function storeKeys(dataFolder: string): KeyProvider {
  // Looked for at each call: a keyring may be unlocked only after the kiosk has started.
  const provider = () => {
    try {
      return systemd() ?? keyring(dataFolder) ?? developmentFile(dataFolder) ?? nothing('no systemd credential, and no keyring behind safeStorage');
    } catch (cause) {
      return nothing(messageOf(cause));
    }
  };
  return {
    key: () => provider().key(),
    rotate: () => provider().rotate(),
    inForce: (fingerprint) => provider().inForce(fingerprint),
  };
}

function systemd(): KeyProvider | undefined {
  const folder = process.env['CREDENTIALS_DIRECTORY'];
  return folder && fs.existsSync(path.join(folder, systemdCredential)) ? createSystemdKeys(folder) : undefined;
}

function keyring(dataFolder: string): KeyProvider | undefined {
  // `basic_text` encrypts with a word that everybody knows: it is no provider.
  if (!safeStorage.isEncryptionAvailable() || (process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text')) return undefined;
  return createKeyFiles({
    name: 'safe-storage', dataFolder, fileName: 'store-key.wrapped',
    wrap: (keyHex) => safeStorage.encryptString(keyHex), unwrap: (wrapped) => safeStorage.decryptString(wrapped),
  });
}

function developmentFile(dataFolder: string): KeyProvider | undefined {
  if (app.isPackaged) return undefined;
  const fileName = 'development-store-key';
  console.error(`!!! DEVELOPMENT KEY: the store's key lies unprotected in ${path.join(dataFolder, fileName)}. Never sell with it. !!!`);
  return createKeyFiles({
    name: 'development-file', dataFolder, fileName,
    wrap: (keyHex) => Buffer.from(keyHex), unwrap: (wrapped) => wrapped.toString('utf8'),
    refuse: (file) => (process.platform !== 'win32' && (fs.statSync(file).mode & 0o077) !== 0 ? `${file} may be read by others: chmod 600 it` : undefined),
  });
}

function nothing(detail: string): KeyProvider {
  const key = () => unavailable(detail);
  return { key, rotate: key, inForce: () => undefined };
}

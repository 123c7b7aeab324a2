import { createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { link, mkdir, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Sql } from '../database.ts';
import type { Environment } from '../environment/environment.ts';
import { StartFailure } from '../start-failure.ts';
import { publicKeyOf } from './keys.ts';

/** HQ's Ed25519 key: signs answers to kiosks and what is published for them. */
export interface SigningKey {
  readonly sign: (text: string | Uint8Array) => Buffer;
  /** Base64 of the SPKI: what kiosks pin. */
  readonly publicKey: string;
  readonly spki: Buffer;
  readonly fingerprint: string;
}

/**
 * The key of HQ_KEY_FILE, or of the data folder, where it is made the first time. With a database of one's own there
 * is no such folder, so the variable is needed: several HQ processes must hold the same key.
 * Throws a StartFailure with one clear sentence.
 */
export async function loadSigningKey({ hqKeyFile, database }: Pick<Environment, 'hqKeyFile' | 'database'>): Promise<SigningKey> {
  if (hqKeyFile !== undefined) return readSigningKey(hqKeyFile);
  if (database.kind === 'given') throw new StartFailure('Set HQ_KEY_FILE: with DATABASE_URL all HQ processes need the same signing key, a file of mode 0600 (openssl genpkey -algorithm ed25519).');
  return ensureSigningKey(join(database.dataFolder, 'hq-signing-key.pem'));
}

/** Makes the key where there is none: whole or not at all, on disk before it is used, and never over another one. */
export async function ensureSigningKey(path: string): Promise<SigningKey> {
  const known = await readSigningKey(path).catch((error: unknown) => {
    if (error instanceof StartFailure && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return undefined;
    throw error;
  });
  if (known) return known;
  const making = `${path}.${randomBytes(6).toString('hex')}.new`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(making, 'wx', 0o600);
    try {
      await file.writeFile(generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }));
      await file.sync();
    } finally {
      await file.close();
    }
    // A link fails where a name is taken, as a rename does not: two that begin at once end with one key.
    await link(making, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    await syncFolder(dirname(path));
  } catch (error) {
    throw new StartFailure(`HQ's signing key cannot be made at ${path}: ${(error as Error).message}`);
  } finally {
    await rm(making, { force: true });
  }
  return readSigningKey(path);
}

/** Throws a StartFailure where the file cannot be read, is open to others, or holds no Ed25519 private key. */
export async function readSigningKey(path: string): Promise<SigningKey> {
  let text: string;
  try {
    const file = await open(path, 'r');
    try {
      const { mode } = await file.stat();
      if (process.platform !== 'win32' && (mode & 0o077) !== 0) throw new StartFailure(`HQ's signing key ${path} can be read by others (mode ${(mode & 0o777).toString(8)}): make it 600.`);
      text = await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof StartFailure) throw error;
    throw new StartFailure(`HQ's signing key cannot be read at ${path}: ${(error as Error).message}`, { cause: error });
  }
  return signingKeyOf(readPrivateKey(text, path));
}

export function signingKeyOf(privateKey: KeyObject): SigningKey {
  const open = publicKeyOf(privateKey);
  if (!open) throw new Error('a signing key is Ed25519');
  return {
    sign: (text) => sign(null, typeof text === 'string' ? Buffer.from(text, 'utf8') : text, privateKey),
    publicKey: open.spki.toString('base64'), spki: open.spki, fingerprint: open.fingerprint,
  };
}

function readPrivateKey(text: string, path: string): KeyObject {
  try {
    const key = createPrivateKey(text);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // What OpenSSL says of a broken file helps nobody.
  }
  throw new StartFailure(`HQ's signing key ${path} is no Ed25519 private key in PEM.`);
}

/** The name of a new file is on disk only when its folder is. Windows has no such call, and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Kiosks pin this key, so a database has one: the first that came to it. A process with another is refused by name,
 * before it gives answers that no kiosk takes.
 */
export async function registerSigningKey(sql: Sql, { fingerprint, spki }: SigningKey, now: number): Promise<void> {
  await sql.begin(async (transaction) => {
    await transaction`select pg_advisory_xact_lock(${registrationLock})`;
    const known = await transaction<{ fingerprint: string }[]>`select fingerprint from hq_signing_keys`;
    if (known.some((row) => row.fingerprint === fingerprint)) return;
    if (known[0]) {
      throw new StartFailure(
        `This HQ holds the signing key ${fingerprint.slice(0, 16)}, but the kiosks of this database trust ${known[0].fingerprint.slice(0, 16)}. Give it that key (HQ_KEY_FILE, or hq-signing-key.pem of the data folder).`,
      );
    }
    await transaction`insert into hq_signing_keys (fingerprint, public_key, registered_at) values (${fingerprint}, ${spki}, ${now})`;
  });
}

/** "c24k" */
const registrationLock = 0x63_32_34_6b;

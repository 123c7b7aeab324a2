import { generateKeyPairSync } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import type { CodedError } from '../../domain/contract/errors.ts';
import { codedError } from '../../domain/contract/errors.ts';
import type { KioskId } from '../../domain/ids.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import type { Emitter } from './emitter.ts';

/** Who this kiosk is to HQ. Keys are base64 of their DER (PKCS #8, SPKI). */
export interface StoredIdentity {
  readonly kioskId: KioskId;
  /** Ed25519. It leaves neither the store, which is encrypted, nor the processes that sign with it. */
  readonly privateKey: string;
  readonly publicKey: string;
  /** HQ's own, once it was told at enrolment; believed from `approved` on. */
  readonly hqPublicKey: string | undefined;
  readonly state: 'made' | 'waiting' | 'approved';
}

export interface IdentityStore {
  read(): StoredIdentity | undefined;
  setState(state: StoredIdentity['state'], hqPublicKey: string | undefined): void;
}

interface Row { kiosk_id: string; private_key: string; public_key: string; hq_public_key: string | null; state: StoredIdentity['state'] }

export function createIdentityStore(database: Database): IdentityStore {
  const select = database.prepare<[], Row>('SELECT kiosk_id, private_key, public_key, hq_public_key, state FROM identity');
  const update = database.prepare('UPDATE identity SET state = ?, hq_public_key = ? WHERE only_row = 1');
  return {
    read() {
      const row = select.get();
      return row && { kioskId: row.kiosk_id as KioskId, privateKey: row.private_key, publicKey: row.public_key, hqPublicKey: row.hq_public_key ?? undefined, state: row.state };
    },
    setState: (state, hqPublicKey) => void update.run(state, hqPublicKey ?? null),
  };
}

/** Answers whether it was kept: a store that has one keeps that. */
export function keepIdentity(database: Database, { kiosk_id, private_key, public_key }: { kiosk_id: string; private_key: string; public_key: string }): boolean {
  return database.prepare("INSERT INTO identity (only_row, kiosk_id, private_key, public_key, state) VALUES (1, ?, ?, ?, 'made') ON CONFLICT DO NOTHING").run(kiosk_id, private_key, public_key).changes > 0;
}

/**
 * The identity of this store, made at its first start. A store that belongs to a kiosk of another name is refused: its orders would be told as
 * another's.
 */
export function claimIdentity(database: Database, kioskId: KioskId, { transaction, noteLocal }: Pick<Emitter, 'transaction' | 'noteLocal'>): Result<StoredIdentity, CodedError> {
  const store = createIdentityStore(database);
  const claim = transaction(() => {
    if (!store.read()) {
      const { privateKey, publicKey } = generateKeyPairSync('ed25519', { privateKeyEncoding: { format: 'der', type: 'pkcs8' }, publicKeyEncoding: { format: 'der', type: 'spki' } });
      const row = { kiosk_id: kioskId, private_key: privateKey.toString('base64'), public_key: publicKey.toString('base64') };
      keepIdentity(database, row);
      // A store that is made anew from its journal is the same kiosk to HQ.
      noteLocal('identity', row, 'money');
    }
    return store.read()!;
  });
  const found = claim();
  return found.kioskId === kioskId ? ok(found) : err(codedError('STORE_OF_ANOTHER_KIOSK', `the store is ${found.kioskId}'s, the configuration says ${kioskId}`));
}

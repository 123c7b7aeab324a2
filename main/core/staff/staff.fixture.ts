import { createHash, randomBytes } from 'node:crypto';
import Database from 'better-sqlite3';
import { argon2id } from 'hash-wasm';
import { Secret, TOTP } from 'otpauth';
import type { DocumentOf } from '../../../domain/contract/hq-down.ts';
import { uuidV7From } from '../../../domain/ids.ts';
import type { StaffRole } from '../../../domain/staff/role.ts';
import { createAuditStore } from '../../store/audit.ts';
import { createEmitter } from '../../store/emitter.ts';
import { migrations } from '../../store/migrations/all.ts';

/** For tests: people as HQ publishes them, with what they know and carry. */
export interface Person {
  readonly number: string;
  readonly pin: string;
  readonly secret: string;
  readonly recoveryCode: string;
  readonly cardId: string;
  readonly entry: DocumentOf<'staff'>['members'][number];
  /** What their phone shows then. */
  code(atMs: number): string;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

export async function makePerson(number: string, role: StaffRole, change: Partial<Person['entry']> = {}): Promise<Person> {
  const pin = `${number}77`;
  const secret = new Secret({ size: 20 }).base32;
  const recoveryCode = `${number}ABCDEFGHIJKLM`.slice(0, 16);
  const cardId = `card-${number}`;
  return {
    number, pin, secret, recoveryCode, cardId,
    entry: {
      number, name: `Person ${number}`, role, totpSecret: secret, recoveryHashes: [sha256(recoveryCode)], cardHash: sha256(cardId),
      // Cheap, for tests: the parameters stand in the hash.
      pinHash: await argon2id({ password: pin, salt: randomBytes(16), iterations: 1, memorySize: 64, parallelism: 1, hashLength: 32, outputType: 'encoded' }),
      ...change,
    },
    code: (atMs) => new TOTP({ secret: Secret.fromBase32(secret), digits: 6, period: 30 }).generate({ timestamp: atMs }),
  };
}

/** An empty store in memory, with everything that stands in it told to a list. */
export function openMemoryStore(now: () => number, database = new Database(':memory:')) {
  if (database.pragma('user_version', { simple: true }) === 0) {
    for (const { version, sql, finish } of migrations) {
      database.exec(sql);
      finish?.(database);
      database.pragma(`user_version = ${version}`);
    }
  }
  let ids = Number(database.prepare('SELECT count(*) FROM outbox').pluck().get());
  const newId = () => uuidV7From(1_700_000_000_000 + ++ids, new Uint8Array(10));
  const emitter = createEmitter({ database, now, newId });
  const audit = createAuditStore(database, emitter, 'kiosk-1', now);
  return {
    database, emitter, audit, newId,
    told: (kind: string) => database.prepare<[string], string>('SELECT payload FROM outbox WHERE kind = ? ORDER BY position').pluck().all(kind).map((text) => JSON.parse(text) as Record<string, unknown>),
  };
}

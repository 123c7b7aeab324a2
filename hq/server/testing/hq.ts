import { generateKeyPairSync } from 'node:crypto';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import type { HqEvent } from '../../../domain/contract/hq.ts';
import type { KioskId } from '../../../domain/ids.ts';
import { kioskIdSchema } from '../../../domain/ids.ts';
import type { HqDeps } from '../app.ts';
import { createHq } from '../app.ts';
import { decodePublicKey } from '../identity/keys.ts';
import type { SigningKey } from '../identity/signing-key.ts';
import { signingKeyOf } from '../identity/signing-key.ts';
import { ensureKiosk } from '../identity/kiosks.ts';
import { createBells } from '../live/bells.ts';
import type { Bells } from '../live/bells.ts';
import type { LiveHub } from '../live/hub.ts';
import { createLiveHub } from '../live/hub.ts';
import type { TestDatabase } from './database.ts';
import type { Answer, SigningKiosk } from './signing-kiosk.ts';
import { createSigningKiosk } from './signing-kiosk.ts';

export const testKiosk = kioskIdSchema.parse('kiosk-001');
/** Enrols `testKiosk`, approved at once. */
export const testCode = 'code-for-tests';
/** The administrator of tests, who needs no second factor. */
export const testAccount = { name: 'dev', password: 'a-password-for-tests' };
/** HQ's clock in tests. */
export const testNow = Date.UTC(2026, 10, 22, 5, 0, 0);

export interface TestHq {
  readonly app: FastifyInstance;
  /** As `app.inject`, signed in as the tests' administrator. */
  readonly inject: (options: InjectOptions) => Promise<LightMyRequestResponse>;
  /** The cookie of a new session of theirs, for `fetch`. */
  readonly cookie: () => Promise<string>;
  readonly hub: LiveHub;
  readonly bells: Bells;
  readonly signingKey: SigningKey;
  /** `testKiosk`, enrolled and in a session. */
  readonly kiosk: SigningKiosk;
  /** Another one, named, enrolled and approved by hand, in a session unless told otherwise. */
  readonly addKiosk: (kioskId: KioskId, options?: { readonly name?: string; readonly isGreeted?: boolean }) => Promise<SigningKiosk>;
  /** As `testKiosk`, with what stands in the answer. */
  readonly send: (events: readonly HqEvent[], more?: { readonly epoch?: number; readonly kioskId?: KioskId }) => Promise<Pick<Answer, 'status' | 'body'>>;
  readonly close: () => Promise<void>;
}

export type TestHqOptions = Partial<Pick<HqDeps, 'heartbeatMs' | 'webFolder' | 'console' | 'now' | 'signingKey' | 'publicAuthorities' | 'trustedProxies' | 'requestsPerKiosk' | 'timeouts' | 'logger' | 'devAccount' | 'sessionRules' | 'publicOrigins' | 'callsPerAddress' | 'metrics' | 'tls' | 'provider'>> & {
  /** Kiosks know no session yet. */
  readonly isWithoutKiosk?: boolean;
};

/** HQ on a test's database, knowing one kiosk, which is in a session. */
export async function startTestHq({ sql, url }: TestDatabase, { isWithoutKiosk = false, ...options }: TestHqOptions = {}): Promise<TestHq> {
  const now = options.now ?? (() => testNow);
  const signingKey = options.signingKey ?? signingKeyOf(generateKeyPairSync('ed25519').privateKey);
  const hub = createLiveHub({ url, sql, onProblem: () => {}, retryMs: 20 });
  const bells = createBells({ url, onProblem: () => {}, retryMs: 20 });
  const app = await createHq({
    sql, hub, bells, logger: false, console: 'served', webFolder: '/nowhere', devKiosk: { kioskId: testKiosk, code: testCode }, devAccount: testAccount, callsPerAddress: 'none', ...options, now, signingKey,
  });
  const create = (kioskId: KioskId) => createSigningKiosk({ app, kioskId, now, hqPublicKey: signingKey.publicKey });
  const begin = async (kiosk: SigningKiosk) => {
    const welcome = await kiosk.hello();
    if (welcome.status !== 200) throw new Error(`the test's kiosk is not welcome: ${JSON.stringify(welcome.body)}`);
  };
  const kiosk = create(testKiosk);
  await ensureKiosk(sql, testKiosk, 'Lobby', testNow);
  if (!isWithoutKiosk) {
    await kiosk.enrol(testCode);
    await begin(kiosk);
  }
  let cookie: Promise<string> | undefined;
  const inject = async (request: InjectOptions): Promise<LightMyRequestResponse> => {
    const ask = async () => app.inject({ ...request, headers: { ...request.headers, cookie: await (cookie ??= signIn(app)) } });
    const answer = await ask();
    if (answer.statusCode !== 401) return answer;
    // The test's clock has gone past the session.
    cookie = undefined;
    return ask();
  };
  return {
    inject, cookie: () => signIn(app),
    app, hub, bells, signingKey, kiosk,
    addKiosk: async (kioskId, { name = kioskId, isGreeted = true } = {}) => {
      const added = create(kioskId);
      await ensureKiosk(sql, kioskId, name, now());
      const key = decodePublicKey(added.publicKey);
      if (!key) throw new Error('no key');
      await sql`insert into kiosk_keys (kiosk_id, fingerprint, public_key, state, app, enrolled_at, approved_at) values (${kioskId}, ${key.fingerprint}, ${key.spki}, 'approved', '0.1.0', ${now()}, ${now()})`;
      if (isGreeted) await begin(added);
      return added;
    },
    send: async (events, { epoch = 1, kioskId = testKiosk } = {}) => {
      const { status, body } = await kiosk.send(events, { epoch, kioskId });
      return { status, body };
    },
    close: async () => {
      const closing = app.close();
      // A client that was stopped before it said anything has left a connection that counts as busy.
      app.server.closeAllConnections();
      await closing;
      await hub.close();
      await bells.close();
    },
  };
}

/** Signs in by password and answers the cookie to send back; throws where HQ refuses. */
export async function signIn(app: FastifyInstance, account: { readonly name: string; readonly password: string; readonly code?: string } = testAccount): Promise<string> {
  const answer = await app.inject({ method: 'POST', url: '/api/session', payload: account });
  const cookie = String(answer.headers['set-cookie'] ?? '').split(';')[0];
  if (answer.statusCode !== 200 || !cookie) throw new Error(`the test's account is not let in: ${answer.body}`);
  return cookie;
}

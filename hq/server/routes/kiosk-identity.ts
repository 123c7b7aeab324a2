import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Enrolled, Greeted, Welcome } from '../../../domain/contract/hq.ts';
import { clockSchema, enrolSchema, helloSchema, maxBatchEvents } from '../../../domain/contract/hq.ts';
import { describeIssues } from '../../../domain/contract/issues.ts';
import { genesisHash } from '../../../domain/sync/chain.ts';
import { kioskIdSchema } from '../../../domain/ids.ts';
import type { Queries, Sql } from '../database.ts';
import { sendError } from '../errors.ts';
import { encodings } from '../identity/body.ts';
import type { DevKiosk } from '../identity/enrolment.ts';
import { enrol, enrolKnown } from '../identity/enrolment.ts';
import { isSignedByAny } from '../identity/guard.ts';
import { decodePublicKey } from '../identity/keys.ts';
import { openSession } from '../identity/sessions.ts';
import type { SigningKey } from '../identity/signing-key.ts';
import { noteClock } from '../ingest/clocks.ts';
import { ensureKiosk, noteContact } from '../identity/kiosks.ts';

export interface KioskIdentityDeps {
  readonly sql: Sql;
  readonly now: () => number;
  readonly signingKey: SigningKey;
  readonly publicAuthorities: readonly string[];
  readonly devKiosk: DevKiosk | undefined;
}

/** A batch of so many bytes, uncompressed, goes through any proxy; one event alone may be larger, and is taken too. */
const batchBytes = 512 * 1024;
/** Of one address. There is no limit of all together, with which strangers could stop every enrolment: a code itself bears ten guesses, wherever they come from. */
const wrongCodesPerMinute = 10;
const smallBody = { bodyLimit: 8 * 1024 };
const greetSchema = z.strictObject({ kioskId: kioskIdSchema, clock: clockSchema });

/** Who a kiosk is: enrolment of its key, the session, and a sign of life. */
export function kioskIdentityRoutes(scope: FastifyInstance, { sql, now, signingKey, publicAuthorities, devKiosk }: KioskIdentityDeps): void {
  const wrongCodes = scope.createRateLimit({ max: wrongCodesPerMinute, timeWindow: 60_000 });

  scope.post('/api/kiosk/enrol', smallBody, async (request, reply) => {
    const parsed = enrolSchema.safeParse(request.body);
    if (!parsed.success) return sendError(reply, 'HQ_BATCH_MALFORMED', describeIssues(parsed.error));
    const { kioskId, code, publicKey, app } = parsed.data;
    const key = decodePublicKey(publicKey);
    if (!key) return sendError(reply, 'HQ_BATCH_MALFORMED', 'publicKey: is no Ed25519 key (base64 of its SPKI)');
    if (request.signatureClaim?.keyId !== kioskId || !(await isSignedByAny(request, key.key, publicAuthorities))) {
      return sendError(reply, 'HQ_SIGNATURE_WRONG', 'the request is not signed by the key that it brings');
    }
    if (devKiosk?.kioskId === kioskId) await ensureKnown(kioskId);
    const asked = { kioskId, code, key, app };
    // Before any limit: kiosks that wait for a person ask again and again, many behind one address, which a stranger's wrong codes may come from too.
    const known = await enrolKnown(sql, asked, now(), devKiosk);
    const rate = known ? undefined : await wrongCodes(request, { increment: false });
    if (rate?.isAllowed === false && rate.remaining === 0) {
      return sendError(reply.header('retry-after', String(Math.max(1, rate.ttlInSeconds))), 'HQ_TOO_MANY_REQUESTS', 'too many wrong codes from this address');
    }
    const enrolment = known ?? (await enrol(sql, asked, now()));
    if (enrolment.kind === 'code_wrong') {
      await wrongCodes(request);
      request.log.warn({ kiosk: kioskId, address: request.ip }, 'an enrolment code was wrong, used, or had expired');
      return sendError(reply, 'HQ_CODE_WRONG', 'the code is wrong, used, or has expired');
    }
    if (enrolment.kind === 'revoked') return sendError(reply, 'HQ_KIOSK_REVOKED', 'this key was revoked');
    request.log.info({ kiosk: kioskId, fingerprint: key.fingerprint, state: enrolment.state }, 'a kiosk has enrolled its key');
    return { state: enrolment.state, hqPublicKey: signingKey.publicKey, hqTime: now() } satisfies Enrolled;
  });

  scope.post('/api/kiosk/hello', smallBody, async (request, reply) => {
    const parsed = helloSchema.safeParse(request.body);
    if (!parsed.success) return sendError(reply, 'HQ_BATCH_MALFORMED', describeIssues(parsed.error));
    const hello = { ...parsed.data, instance: parsed.data.instance.toLowerCase() };
    const { kiosk, signatureClaim } = request;
    if (!kiosk || !signatureClaim || hello.kioskId !== kiosk.kioskId) return sendError(reply, 'HQ_SIGNATURE_WRONG', 'the hello is of another kiosk than its signature');
    const opened = await openSession(sql, hello, signatureClaim.counter, now());
    switch (opened.kind) {
      case 'replayed':
        return sendError(reply, 'HQ_REPLAYED', 'this run of the kiosk has said a later hello');
      case 'superseded':
        return sendError(reply, 'HQ_INSTANCE_SUPERSEDED', 'another run of this kiosk has said hello since', { challenge: opened.challenge });
      case 'cloned':
        request.log.error({ kiosk: hello.kioskId }, 'TWO MACHINES USE THE IDENTITY OF THIS KIOSK: nothing is taken from either until one is switched off and the kiosk is reinstated');
        return sendError(reply, 'HQ_KIOSK_CLONED', 'two machines use this identity');
      case 'open':
        await noteClock(sql, hello.kioskId, hello.clock, now());
        request.log.info({ kiosk: hello.kioskId, instance: hello.instance, app: hello.app, schema: hello.schema }, 'a kiosk has said hello');
        return {
          session: opened.session, hqTime: now(), lanes: await readMarks(sql, hello.kioskId),
          limits: { events: maxBatchEvents, bytes: batchBytes }, encodings: [...encodings],
        } satisfies Welcome;
    }
  });

  scope.post('/api/kiosk/greet', smallBody, async (request, reply) => {
    const parsed = greetSchema.safeParse(request.body);
    if (!parsed.success) return sendError(reply, 'HQ_BATCH_MALFORMED', describeIssues(parsed.error));
    const { kioskId, clock } = parsed.data;
    if (kioskId !== request.kiosk?.kioskId) return sendError(reply, 'HQ_SIGNATURE_WRONG', 'the greeting is of another kiosk than its signature');
    await noteContact(sql, kioskId, now());
    await noteClock(sql, kioskId, clock, now());
    return { hqTime: now(), lanes: await readMarks(sql, kioskId) } satisfies Greeted;
  });

  async function ensureKnown(kioskId: DevKiosk['kioskId']): Promise<void> {
    const [known] = await sql`select 1 from kiosks where kiosk_id = ${kioskId}`;
    if (!known) await ensureKiosk(sql, kioskId, kioskId, now());
  }
}

/** HQ's newest epoch of each lane. A mark from before there were chains has no head. */
async function readMarks(sql: Queries, kioskId: string): Promise<Welcome['lanes']> {
  const rows = await sql<{ lane: Welcome['lanes'][number]['lane']; epoch: number; acknowledged: number; head: string }[]>`
    select distinct on (lane) lane, epoch, acknowledged, head from cursors where kiosk_id = ${kioskId} order by lane, epoch desc`;
  return rows.map((row) => ({ ...row, head: row.head === '' ? genesisHash : row.head }));
}

import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { noSession } from '../../../domain/contract/hq-signature.ts';
import type { KioskId } from '../../../domain/ids.ts';
import { kioskIdSchema } from '../../../domain/ids.ts';
import type { Sql } from '../database.ts';
import { parseJson } from '../json.ts';
import { decompress, readWhole } from './body.ts';
import { findKeys } from './kiosk-keys.ts';
import { refusal } from './refusal.ts';
import { useSession } from './sessions.ts';
import type { SignatureClaim } from './signatures.ts';
import { authoritiesOf, isDigestOf, isSignedBy, readClaim, signAnswer } from './signatures.ts';
import type { SigningKey } from './signing-key.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the request says of its signature: believed once `kiosk` is set; on the path of enrolment not yet. */
    signatureClaim: SignatureClaim | undefined;
  }
}

export interface KioskGuardDeps {
  readonly sql: Sql;
  readonly now: () => number;
  readonly signingKey: SigningKey;
  /** The names under which kiosks call HQ, where a proxy changes Host. Empty: whatever Host they used. */
  readonly publicAuthorities: readonly string[];
  /** Of one kiosk, in this process; the rest is told to wait. Undefined: as many as come. */
  readonly requestsPerKiosk: { readonly max: number; readonly timeWindowMs: number } | undefined;
}

/** Far above what any message of the contract has; what is in an event travels as text. */
const maxDepth = 20;
/** How far a path goes by the session: enrolment brings its own key, hello has no session yet. */
const withoutSession = { '/api/kiosk/enrol': 'no key', '/api/kiosk/hello': 'no session' } as const;
const uuidPattern = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/**
 * Guards every route of this scope. Who sends is known by the headers alone, so who may not send makes HQ read no body; then the body is
 * read up to the route's `bodyLimit`, held against its digest, and decompressed up to the same limit. Answers are signed, refusals and
 * errors too. Of the bell's stream the head alone is HQ's word, signed as an answer without a body; what flows after it is not.
 */
export function guardKiosks(scope: FastifyInstance, deps: KioskGuardDeps): void {
  const { sql, now, signingKey, requestsPerKiosk } = deps;
  scope.decorateRequest('kiosk', undefined);
  scope.decorateRequest('signatureClaim', undefined);
  const limiter = requestsPerKiosk && scope.createRateLimit({ max: requestsPerKiosk.max, timeWindow: requestsPerKiosk.timeWindowMs, keyGenerator: ({ kiosk }) => kiosk?.kioskId ?? '' });

  scope.addHook('onRequest', async (request, reply) => {
    const claim = readClaim(request.headers);
    if ('fault' in claim) throw refusal('HQ_SIGNATURE_WRONG', claim.fault);
    request.signatureClaim = claim;
    const exception = withoutSession[request.routeOptions.url as keyof typeof withoutSession] as 'no key' | 'no session' | undefined;
    if (exception && claim.session !== noSession) throw refusal('HQ_SIGNATURE_WRONG', `the session of this path is "${noSession}"`);
    if (exception === 'no key') return;
    const kioskId = await verifyKiosk(request, claim, deps);
    request.kiosk = { kioskId, session: exception ? undefined : claim.session };
    const rate = await limiter?.(request);
    if (rate?.isAllowed === false && rate.isExceeded) {
      void reply.header('retry-after', String(Math.max(1, rate.ttlInSeconds)));
      throw refusal('HQ_TOO_MANY_REQUESTS', `more than ${rate.max} requests in ${rate.timeWindow} ms`);
    }
    if (!exception) await takeNumber(sql, kioskId, claim);
    // A stream leaves Fastify's hands before there is anything to sign: its head is signed here, as an answer without a body.
    if (request.routeOptions.url === '/api/kiosk/bell') void reply.headers(await signAnswer(signingKey, 200, Buffer.alloc(0), claim.nonce, now()));
  });

  scope.addHook('preParsing', async (request, _reply, payload) => {
    const maxBytes = request.routeOptions.bodyLimit ?? scope.initialConfig.bodyLimit ?? 64 * 1024;
    const declared = Number(request.headers['content-length'] ?? 0);
    if (declared > maxBytes) throw refusal('HQ_BATCH_MALFORMED', `the body is larger than ${maxBytes} bytes`, {}, 413);
    const travelled = await readWhole(payload as Readable, maxBytes);
    if (!request.signatureClaim || !isDigestOf(request.signatureClaim.digest, travelled)) throw refusal('HQ_SIGNATURE_WRONG', 'the body is not the one that was signed');
    const body = await decompress(travelled, request.headers['content-encoding'], maxBytes);
    // Fastify holds the length that came against content-length.
    return Object.assign(Readable.from(body.length > 0 ? [body] : []), { receivedEncodedLength: travelled.length });
  });

  // The house's own parser stands in for Fastify's, which has no limit of depth.
  scope.removeContentTypeParser('application/json');
  scope.addContentTypeParser('application/json', { parseAs: 'string' }, async (_request: FastifyRequest, text: string) => {
    const parsed = parseJson(text, maxDepth);
    if (!parsed.ok) throw refusal('HQ_BATCH_MALFORMED', parsed.error);
    return parsed.value;
  });

  scope.addHook('onSend', async (request, reply, payload) => {
    const body = typeof payload === 'string' ? Buffer.from(payload, 'utf8') : payload instanceof Uint8Array ? payload : Buffer.alloc(0);
    void reply.headers(await signAnswer(signingKey, reply.statusCode, body, request.signatureClaim?.nonce ?? 'none', now()));
    return payload;
  });
}

async function verifyKiosk(request: FastifyRequest, { keyId }: SignatureClaim, deps: KioskGuardDeps): Promise<KioskId> {
  const kioskId = kioskIdSchema.safeParse(keyId);
  if (!kioskId.success) throw refusal('HQ_SIGNATURE_WRONG', 'the key id is no kiosk id');
  const { keys, isCloned } = await findKeys(deps.sql, kioskId.data);
  if (keys.length === 0) throw refusal('HQ_UNKNOWN_KIOSK', 'HQ knows no key of this kiosk');
  for (const { key, state } of keys) {
    if (!(await isSignedByAny(request, key, deps.publicAuthorities))) continue;
    if (state === 'waiting') throw refusal('HQ_UNKNOWN_KIOSK', 'the key waits for a person to approve it');
    if (state === 'revoked') throw refusal('HQ_KIOSK_REVOKED', 'this key was revoked');
    if (isCloned) throw refusal('HQ_KIOSK_CLONED', 'two machines use this identity');
    return kioskId.data;
  }
  throw refusal('HQ_SIGNATURE_WRONG', 'the signature is not by a key of this kiosk, or not over this request');
}

/** For the path of enrolment, whose key is in its body. */
export function isSignedByAny(request: FastifyRequest, key: Parameters<typeof isSignedBy>[0], publicAuthorities: readonly string[]): Promise<boolean> {
  return isSignedBy(key, { method: request.method, url: request.raw.url ?? '', headers: request.headers }, authoritiesOf(request.host, publicAuthorities));
}

async function takeNumber(sql: Sql, kioskId: KioskId, { session, counter }: SignatureClaim): Promise<void> {
  const use = uuidPattern.test(session) ? await useSession(sql, kioskId, session, counter) : 'ended';
  if (use === 'replayed') throw refusal('HQ_REPLAYED', `number ${counter} of this session came before`);
  if (use === 'superseded') throw refusal('HQ_INSTANCE_SUPERSEDED', 'another run of this kiosk has said hello since');
  if (use === 'ended') throw refusal('HQ_SESSION_ENDED', 'there is no such session');
}

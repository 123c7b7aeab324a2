import type { FastifyInstance } from 'fastify';
import { createHash, createSign, generateKeyPairSync, randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import type { AccountRole } from '../../contract/api/permissions.ts';
import type { TestHq } from './hq.ts';

/** A code app, as a person has it. */
export function codeOf(secret: string, at: number): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at });
}

export interface TestPerson {
  readonly accountId: string;
  readonly name: string;
  readonly password: string;
  readonly totpSecret: string;
  readonly recoveryCodes: readonly string[];
  readonly cookie: string;
}

let count = 0;

/** Invited, with a password of their own and a code app, signed in. */
export async function addPerson(hq: Pick<TestHq, 'app' | 'inject'>, role: AccountRole, now: number, name = `${role}-${++count}`): Promise<TestPerson> {
  const invitation = (await hq.inject({ method: 'POST', url: '/api/people', payload: { name, fullName: name, role } })).json<{ accountId: string; token: string }>();
  const password = `the password of ${randomBytes(6).toString('hex')}`;
  const accepted = await hq.app.inject({ method: 'POST', url: '/api/invitation', payload: { token: invitation.token, password } });
  const { totpSecret, recoveryCodes, cookie } = await addTotp(hq.app, cookieOf(accepted), now);
  return { accountId: invitation.accountId, name, password, totpSecret, recoveryCodes, cookie };
}

export async function addTotp(app: FastifyInstance, setup: string, now: number): Promise<{ totpSecret: string; recoveryCodes: readonly string[]; cookie: string }> {
  const begun = (await app.inject({ method: 'POST', url: '/api/account/totp', headers: { cookie: setup }, payload: {} })).json<{ secret: string }>();
  const confirmed = await app.inject({ method: 'POST', url: '/api/account/totp/confirm', headers: { cookie: setup }, payload: { code: codeOf(begun.secret, now) } });
  if (confirmed.statusCode !== 200) throw new Error(`the code app was not taken: ${confirmed.body}`);
  return { totpSecret: begun.secret, recoveryCodes: confirmed.json<{ recoveryCodes: string[] }>().recoveryCodes, cookie: cookieOf(confirmed) };
}

export function cookieOf(answer: { readonly headers: Record<string, unknown>; readonly statusCode: number; readonly body: string }): string {
  const cookie = String(answer.headers['set-cookie'] ?? '').split(';')[0];
  if (answer.statusCode !== 200 || !cookie) throw new Error(`no cookie: ${answer.statusCode} ${answer.body}`);
  return cookie;
}


/** An authenticator by WebAuthn Level 3, 6 and 8.7 ("none" attestation, ES256), apart from any library that HQ uses. */
export interface TestAuthenticator {
  readonly id: string;
  readonly register: (options: { challenge: string; user?: unknown }, origin: string) => Record<string, unknown>;
  readonly sign: (options: { challenge: string }, origin: string, how?: { readonly isUserVerified?: boolean; readonly counter?: number; readonly userHandle?: string }) => Record<string, unknown>;
}

export function createAuthenticator(rpId: string): TestAuthenticator {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const credentialId = randomBytes(32);
  const id = credentialId.toString('base64url');
  let counted = 0;
  const clientData = (type: string, challenge: string, origin: string) => Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  // rpIdHash, flags (UP 1, UV 4, AT 64), signCount.
  const authenticatorData = (flags: number, counter: number) => {
    const count32 = Buffer.alloc(4);
    count32.writeUInt32BE(counter);
    return Buffer.concat([createHash('sha256').update(rpId).digest(), Buffer.from([flags]), count32]);
  };
  return {
    id,
    register({ challenge }, origin) {
      // COSE_Key {1: 2, 3: -7, -1: 1, -2: x, -3: y} in CBOR.
      const coseKey = Buffer.concat([Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]), Buffer.from(x, 'base64url'), Buffer.from([0x22, 0x58, 0x20]), Buffer.from(y, 'base64url')]);
      const data = Buffer.concat([authenticatorData(0x45, counted), Buffer.alloc(16), Buffer.from([0, credentialId.length]), credentialId, coseKey]);
      // {"fmt": "none", "attStmt": {}, "authData": bytes}
      const attestation = Buffer.concat([Buffer.from([0xa3]), text('fmt'), text('none'), text('attStmt'), Buffer.from([0xa0]), text('authData'), Buffer.from([0x58, data.length]), data]);
      const response = { clientDataJSON: clientData('webauthn.create', challenge, origin).toString('base64url'), attestationObject: attestation.toString('base64url'), transports: ['internal'] };
      return { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response };
    },
    sign({ challenge }, origin, { isUserVerified = true, counter, userHandle } = {}) {
      counted = counter ?? counted + 1;
      const client = clientData('webauthn.get', challenge, origin);
      const data = authenticatorData(isUserVerified ? 0x05 : 0x01, counted);
      const signature = createSign('sha256').update(Buffer.concat([data, createHash('sha256').update(client).digest()])).sign(privateKey);
      return {
        id, rawId: id, type: 'public-key', clientExtensionResults: {},
        response: { clientDataJSON: client.toString('base64url'), authenticatorData: data.toString('base64url'), signature: signature.toString('base64url'), ...(userHandle === undefined ? {} : { userHandle: Buffer.from(userHandle).toString('base64url') }) },
      };
    },
  };
}

/** A short text in CBOR. */
function text(words: string): Buffer {
  return Buffer.concat([Buffer.from([0x60 + words.length]), Buffer.from(words)]);
}

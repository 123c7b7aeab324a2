import type { Argon2Parameters } from 'node:crypto';
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/** OWASP's second choice for Argon2id (RFC 9106): 19 MiB, two passes, one lane. */
const cost = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 } as const;
/** In a thread of its own: whoever signs in holds up nobody. */
const derive = promisify<'argon2id', Argon2Parameters, Buffer>(argon2);
const phc = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{16,86})$/;

/** In PHC form, as every hash here is: the cost and the salt stand in it. */
export async function hashArgon2(text: string): Promise<string> {
  const nonce = randomBytes(16);
  const tag = await derive('argon2id', { message: text, nonce, ...cost });
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${unpadded(nonce)}$${unpadded(tag)}`;
}

/** By the cost that stands in the hash. @throws where it is no Argon2id hash in PHC form */
export async function isArgon2(text: string, hash: string): Promise<boolean> {
  const [, memory, passes, parallelism, salt, tag] = phc.exec(hash) ?? [];
  if (salt === undefined || tag === undefined) throw new Error('no Argon2id hash in PHC form');
  const expected = Buffer.from(tag, 'base64');
  const found = await derive('argon2id', { message: text, nonce: Buffer.from(salt, 'base64'), memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism), tagLength: expected.length });
  return timingSafeEqual(found, expected);
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}

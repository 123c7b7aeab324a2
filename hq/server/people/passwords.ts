import { randomBytes } from 'node:crypto';
import { argon2id, argon2Verify } from 'hash-wasm';

/** OWASP's second choice for Argon2id: 19 MiB, two passes, one lane. */
const cost = { memorySize: 19_456, iterations: 2, parallelism: 1, hashLength: 32 } as const;

/** Of nothing that anybody can type: what a sign-in to an account without a password is checked against, so that it takes as long. */
const ofNobody = '$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

/** In PHC form: the cost and the salt stand in it. */
export async function hashPassword(password: string): Promise<string> {
  return argon2id({ password: normalized(password), salt: randomBytes(16), ...cost, outputType: 'encoded' });
}

/** Takes as long where there is no hash. */
export async function isPassword(password: string, hash: string | null | undefined): Promise<boolean> {
  const matches = await argon2Verify({ password: normalized(password), hash: hash ?? ofNobody });
  return matches && typeof hash === 'string';
}

/** One keyboard sends "é" as one character, another as two (NIST SP 800-63B, 3.1.1.2). */
function normalized(password: string): string {
  return password.normalize('NFKC');
}

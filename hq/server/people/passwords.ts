import { ApiRefusal } from '../api/serve.ts';
import { hashArgon2, isArgon2 } from './argon2.ts';
import { createLine, LineFull } from './line.ts';

/** Of nothing that anybody can type: what a sign-in to an account without a password is checked against, so that it takes as long. */
const ofNobody = '$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
/** Some three seconds' work. */
const mostWaiting = 100;

export interface Passwords {
  /** In PHC form: the cost and the salt stand in it. */
  hash(password: string): Promise<string>;
  /** Takes as long where there is no hash. */
  matches(password: string, hash: string | null | undefined): Promise<boolean>;
}

/**
 * Passwords by Argon2id, one after the other: each takes 19 MiB, and one of the four threads in which Node reads files and looks up names as well. Where very many
 * wait, the next is refused (HQ_UNAVAILABLE).
 */
export function createPasswords(): Passwords {
  const line = createLine(1, mostWaiting);
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => line.wait(work).catch((error: unknown) => {
    throw error instanceof LineFull ? new ApiRefusal('HQ_UNAVAILABLE', 'too many passwords wait to be looked at') : error;
  });
  return {
    hash: (password) => inTurn(() => hashArgon2(normalized(password))),
    matches: (password, hash) => inTurn(async () => (await isArgon2(normalized(password), hash ?? ofNobody)) && typeof hash === 'string'),
  };
}

/** One keyboard sends "é" as one character, another as two (NIST SP 800-63B, 3.1.1.2). */
function normalized(password: string): string {
  return password.normalize('NFKC');
}

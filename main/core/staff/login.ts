import { createHash, randomBytes } from 'node:crypto';
import { argon2Verify, argon2id } from 'hash-wasm';
import type { CodedError } from '../../../domain/contract/errors.ts';
import { codedError } from '../../../domain/contract/errors.ts';
import type { DocumentOf } from '../../../domain/contract/hq-down.ts';
import type { Answer } from '../../../domain/contract/kiosk.ts';
import type { StaffMember } from '../../../domain/contract/staff.ts';
import type { Result } from '../../../domain/result.ts';
import { err, ok } from '../../../domain/result.ts';
import type { StaffCardId } from '../../../domain/scan/scanned-code.ts';
import { recoveryCodeText, timeCodeOf } from '../../../domain/staff/codes.ts';
import type { Tries } from '../../../domain/staff/lockout.ts';
import { fromNow, lockedFor, noTries, triesKey, triesUntilLocked, whenTried, whenWrong } from '../../../domain/staff/lockout.ts';
import { actsOf } from '../../../domain/staff/role.ts';
import type { AuditStore } from '../../store/audit.ts';
import type { Emitter } from '../../store/emitter.ts';
import type { StaffStore, UsedCode } from '../../store/staff.ts';
import type { StaffSession } from './session.ts';
import { stepOfCode } from './totp.ts';

type Known = DocumentOf<'staff'>['members'][number];
type LoginAnswer = Result<Answer<'staff.login'>, CodedError>;

export interface LoginDeps {
  readonly store: StaffStore;
  readonly audit: AuditStore;
  readonly transaction: Emitter['transaction'];
  readonly session: StaffSession;
  /** As HQ has published it, in force here. */
  readonly members: () => readonly Known[];
  /** A customer pays, or has an order on the screen. */
  readonly isCustomerThere: () => boolean;
  readonly idleMs: number;
  readonly now: () => number;
  readonly monotonicNow: () => number;
  /** What has to be added to this clock for HQ's time, where that is known. */
  readonly skewMs: () => number | undefined;
}

export interface Login {
  enter(tried: { readonly number?: string | undefined; readonly pin: string; readonly code: string }): Promise<LoginAnswer>;
  /** A staff card was scanned: for a minute, PIN and code without a number are its own. */
  cardScanned(card: StaffCardId): void;
  /** HQ's document has changed: who is gone from it, or is another there, is out. */
  membersChanged(): void;
}

const cardMs = 60_000;
/** A try by a card counts for whoever has it, and one by a typed number for everybody who knows that: they are counted apart (domain/staff/lockout.ts). Numbers that nobody has are locked like others, so that no answer tells which exist. So many are remembered, and in memory alone. */
const strangersKept = 500;
/** Entries in an hour about tries that count for nothing: of numbers that nobody has, and of locked ones. A page that tries for ever does not fill the store. */
const entriesAnHour = 10;
const hourMs = 3_600_000;
const argon2 = { iterations: 2, memorySize: 19_456, parallelism: 1, hashLength: 32 } as const;

/** The way in, also while HQ is away: a number or a card, a PIN, and a code that is good once. */
export function createLogin({ store, audit, transaction, session, members, isCustomerThere, idleMs, now, monotonicNow, skewMs }: LoginDeps): Login {
  /** Of nobody: what a PIN is held against where the number is unknown, so that it takes as long. */
  const nobodysHash = argon2id({ ...argon2, password: randomBytes(16), salt: randomBytes(16), outputType: 'encoded' });
  // Where it cannot be made, whoever tries to come in hears of it.
  nobodysHash.catch(() => undefined);
  const strangers = new Map<string, Tries>();
  let written: number[] = [];
  let card: { readonly hash: string; readonly atMs: number } | undefined;
  /** One after the other: five tries at once are five tries. */
  let turn: Promise<unknown> = Promise.resolve();
  /** What the member's entry of the document was when they came in. */
  let inAs = '';
  let secrets = secretsOf(members());

  async function tryToEnter({ number, pin, code }: Parameters<Login['enter']>[0], place: number): Promise<LoginAnswer> {
    if (isCustomerThere()) return err(codedError('STAFF_NOT_ALLOWED', 'a customer is being served'));
    if (session.place() !== place) return lost();
    const known = members();
    if (known.length === 0) return ok({ kind: 'nobody_known' });
    const named = number === undefined ? byCard(known) : { key: number, member: known.find((member) => member.number === number) };
    if (!named) return err(codedError('STAFF_UNKNOWN', 'no card was scanned in the last minute'));
    const { key, member } = named;

    const before = lockedFor(triesOf(key, member), now());
    if (before > 0) {
      if (mayWrite()) refused(member, 'locked', key);
      return ok({ kind: 'locked', forMs: before });
    }
    const begun = beginTry(key, member);
    if (lockedFor(begun, now()) > 0) return ok({ kind: 'locked', forMs: lockedFor(begun, now()) });
    const isPin = await argon2Verify({ password: pin, hash: member?.pinHash ?? (await nobodysHash) }).catch(() => false);
    const by = member && codeOf(member, code);
    // Somebody has begun to buy while the PIN was looked at.
    if (isCustomerThere()) return err(codedError('STAFF_NOT_ALLOWED', 'a customer is being served'));
    if (session.place() !== place) return lost();
    // HQ has taken them out meanwhile, or made another of them.
    const isStill = member && members().some((now) => JSON.stringify(now) === JSON.stringify(member));
    if (!member || !isStill || !isPin || !by || !cameIn(member.number, by, number === undefined)) return wrong(key, member);

    card = undefined;
    const { number: staff, name, role } = member;
    inAs = JSON.stringify(member);
    const entered: StaffMember = { number: staff, name, role, acts: [...actsOf(role)], idleMs };
    session.enter(entered);
    return ok({ kind: 'in', member: entered });
  }

  /** The page that asked is gone, or the store: whoever is at the next one has not asked, and the code is good still. */
  const lost = (): LoginAnswer => err(codedError('STAFF_NOT_IN', 'the page was lost meanwhile'));

  const cameIn = transaction((staff: string, by: UsedCode, isByCard: boolean) => {
    if (!store.cameIn(staff, by)) return false;
    // By the step, a store that is brought back knows which codes are used up (main/store/replay-staff.ts).
    const detail = by.kind === 'time_code' ? `step ${by.step}` : 'recovery code';
    audit.write({ staff, act: 'staff.login', outcome: 'done', detail: isByCard ? `${detail}, by card` : detail });
    return true;
  });

  function byCard(known: readonly Known[]): { readonly key: string; readonly member: Known | undefined } | undefined {
    if (!card || monotonicNow() - card.atMs > cardMs) return undefined;
    const { hash } = card;
    const member = known.find(({ cardHash }) => cardHash === hash);
    return { key: member ? triesKey(member.number, true) : `card ${hash}`, member };
  }

  /** Which code it is, where it is one of theirs and not used up. */
  function codeOf({ number, totpSecret, recoveryHashes }: Known, typed: string): UsedCode | undefined {
    const digits = timeCodeOf(typed);
    if (digits !== undefined) {
      const step = totpSecret === undefined ? undefined : stepOfCode(totpSecret, digits, now() + (skewMs() ?? 0));
      return step !== undefined && step > (store.lastStep(number) ?? -1) ? { kind: 'time_code', step } : undefined;
    }
    // A member without a time-based code has not been enrolled to the end, and cannot come in by another way.
    const text = totpSecret === undefined ? undefined : recoveryCodeText(typed);
    if (text === undefined) return undefined;
    const hash = sha256(text);
    return recoveryHashes?.includes(hash) && !store.isCodeUsed(number, hash) ? { kind: 'recovery_code', hash } : undefined;
  }

  const wrong = transaction((key: string, member: Known | undefined): LoginAnswer => {
    const tries = failed(key, member);
    const forMs = lockedFor(tries, now());
    if (member || mayWrite()) refused(member, forMs > 0 ? `wrong, and locked for ${Math.round(forMs / 60_000)} min` : 'wrong', key);
    return ok(forMs > 0 ? { kind: 'locked', forMs } : { kind: 'wrong', triesLeft: Math.max(0, triesUntilLocked - tries.wrong) });
  });

  function refused(member: Known | undefined, detail: string, key: string): void {
    // What a stranger typed is not kept: it may be a PIN in the wrong place.
    audit.write({ staff: member?.number, act: 'staff.login', outcome: 'refused', detail: member ? detail : `${detail}, ${key.startsWith('card ') ? 'an unknown card' : 'an unknown number'}` });
  }

  function mayWrite(): boolean {
    written = written.filter((at) => monotonicNow() - at < hourMs);
    if (written.length >= entriesAnHour) return false;
    written.push(monotonicNow());
    return true;
  }

  /** Whoever stands at the kiosk can lock every number that they know: a new PIN or secret from HQ opens it again. */
  function liftLocks(): void {
    const before = secrets;
    secrets = secretsOf(members());
    for (const [number, secret] of secrets) if (before.has(number) && before.get(number) !== secret) store.forgetTries(number);
  }

  function triesOf(key: string, member: Known | undefined): Tries {
    return member ? store.tries(key) : fromNow(strangers.get(key) ?? noTries, now());
  }

  function beginTry(key: string, member: Known | undefined): Tries {
    return member ? store.beginTry(key) : keepStranger(key, whenTried(triesOf(key, member)));
  }

  function failed(key: string, member: Known | undefined): Tries {
    return member ? store.tryFailed(key) : keepStranger(key, whenWrong(strangers.get(key) ?? noTries, now()));
  }

  function keepStranger(key: string, tries: Tries): Tries {
    strangers.delete(key);
    strangers.set(key, tries);
    const [oldest] = strangers.keys();
    if (strangers.size > strangersKept && oldest !== undefined) strangers.delete(oldest);
    return tries;
  }

  return {
    enter(tried) {
      const place = session.place();
      const mine = turn.then(() => tryToEnter(tried, place));
      turn = mine.catch(() => undefined);
      return mine;
    },
    cardScanned(id) {
      card = { hash: sha256(id), atMs: monotonicNow() };
    },
    membersChanged() {
      liftLocks();
      const inside = session.member();
      if (!inside) return;
      const entry = members().find(({ number }) => number === inside.number);
      if (!entry || withoutCodes(JSON.stringify(entry)) !== withoutCodes(inAs)) session.leave('revoked');
    },
  };
}

/** HQ takes a recovery code out of the document when it hears that it was used: whoever has just used it stays in. */
function withoutCodes(text: string): string {
  const { recoveryHashes: _, ...rest } = JSON.parse(text === '' ? '{}' : text) as Known;
  return JSON.stringify(rest);
}

function secretsOf(members: readonly Known[]): ReadonlyMap<string, string> {
  return new Map(members.map(({ number, pinHash, totpSecret }) => [number, sha256(`${pinHash} ${totpSecret ?? ''}`)]));
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

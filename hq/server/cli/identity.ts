import { approve, reinstate, revoke } from '../identity/decisions.ts';
import type { DecisionError } from '../identity/decisions.ts';
import { makeCode } from '../identity/enrolment.ts';
import { shownFingerprint } from '../../../domain/sync/fingerprint.ts';
import type { KeyState } from '../identity/kiosk-keys.ts';
import { StartFailure } from '../start-failure.ts';
import { kioskIdOf, readOptions, readWords, shownSpan, shownTime } from './arguments.ts';
import type { HqCommand } from './command.ts';

const defaultMinutes = 60;
const maxMinutes = 7 * 24 * 60;

/** Who may send: by which key, and which kiosks are theirs. */
export const identityCommands: readonly HqCommand[] = [
  {
    name: 'enrol', usage: '<id> [name] [--minutes 60]', about: 'makes a kiosk known and prints a code with which it may enrol its key once',
    run: async ({ args, sql, now, print }) => {
      const { words: [id, ...name], options } = readOptions(args, ['minutes']);
      const kioskId = kioskIdOf(id);
      const minutes = Number(options.get('minutes') ?? defaultMinutes);
      if (!Number.isInteger(minutes) || minutes < 1 || minutes > maxMinutes) throw new StartFailure(`--minutes takes a whole number from 1 to ${maxMinutes}.`);
      const { code, expiresAt } = await makeCode(sql, kioskId, name.join(' ').trim() || undefined, now(), minutes * 60_000);
      print(code);
      print(`for ${kioskId}, once, until ${shownTime(expiresAt)} (${shownSpan(expiresAt - now())})`);
    },
  },
  {
    name: 'kiosks', usage: '', about: 'lists the kiosks with their keys, when they were last seen, and how their clocks differ',
    run: async ({ args, sql, now, print }) => {
      readWords(args, 0);
      const rows = await sql<KioskRow[]>`
        select k.kiosk_id, k.name, k.cloned_at, c.last_seen_at, y.state, y.fingerprint, y.enrolled_at, s.app,
          (select skew_ms from kiosk_clocks t where t.kiosk_id = k.kiosk_id order by measured_at desc limit 1) as skew_ms
        from kiosks k
        left join kiosk_contacts c on c.kiosk_id = k.kiosk_id
        left join kiosk_keys y on y.kiosk_id = k.kiosk_id
        left join kiosk_sessions s on s.kiosk_id = k.kiosk_id and s.state = 'open'
        order by k.kiosk_id, y.enrolled_at desc`;
      if (rows.length === 0) print('no kiosk is known: enrol <id> makes one');
      for (const line of kioskLines(rows, now())) print(line);
    },
  },
  {
    name: 'approve', usage: '<id> [fingerprint]', about: 'approves the key that waits, in place of the one before; compare its fingerprint with what the kiosk shows',
    run: async ({ args, sql, now, print }) => {
      const [id, ...prefix] = readOptions(args, []).words;
      const kioskId = kioskIdOf(id);
      const approved = await approve(sql, kioskId, prefixOf(prefix), now());
      if (!approved.ok) throw failure(kioskId, approved.error);
      print(`approved ${shownFingerprint(approved.value.fingerprint)} as ${kioskId}`);
    },
  },
  {
    name: 'revoke', usage: '<id>', about: 'takes nothing more from this kiosk, from its next request on; a code that it was given is void',
    run: async ({ args, sql, now, print }) => {
      const kioskId = kioskIdOf(readWords(args, 1)[0]);
      const revoked = await revoke(sql, kioskId, now());
      if (!revoked.ok) throw failure(kioskId, revoked.error);
      const { revoked: count, isCodeVoid } = revoked.value;
      if (count > 0) print(`revoked ${count === 1 ? 'the key' : `${count} keys`} of ${kioskId}`);
      if (isCodeVoid) print(`${count > 0 ? 'its' : `${kioskId} had no key; its`} enrolment code is void`);
    },
  },
  {
    name: 'reinstate', usage: '<id> [fingerprint]', about: 'takes a kiosk back that was held to be cloned (one of the machines is switched off), or whose key was revoked',
    run: async ({ args, sql, now, print }) => {
      const [id, ...prefix] = readOptions(args, []).words;
      const kioskId = kioskIdOf(id);
      const reinstated = await reinstate(sql, kioskId, prefixOf(prefix), now());
      if (!reinstated.ok) throw failure(kioskId, reinstated.error);
      print(reinstated.value.was === 'cloned' ? `${kioskId} is no longer held to be cloned: the first of its machines that says hello goes on` : `approved ${shownFingerprint(reinstated.value.fingerprint)} as ${kioskId} again`);
    },
  },
];

interface KioskRow {
  readonly kiosk_id: string; readonly name: string; readonly cloned_at: number | null; readonly last_seen_at: number | null;
  readonly state: KeyState | null; readonly fingerprint: string | null; readonly enrolled_at: number | null; readonly app: string | null; readonly skew_ms: number | null;
}

/** A line for each kiosk, and one for each other key that waits. What is revoked is told where nothing else is there. */
function kioskLines(rows: readonly KioskRow[], now: number): string[] {
  return Object.values(Object.groupBy(rows, ({ kiosk_id }) => kiosk_id)).flatMap((own = []) => {
    const [first] = own;
    if (!first) return [];
    const inForce = own.find(({ state }) => state === 'approved') ?? own.find(({ state }) => state === 'waiting') ?? first;
    const seen = first.last_seen_at === null ? 'never seen' : `seen ${shownSpan(now - first.last_seen_at)} ago`;
    const skew = first.skew_ms === null || Math.abs(first.skew_ms) < 1000 ? [] : [`clock ${shownSpan(first.skew_ms)} ${first.skew_ms > 0 ? 'behind' : 'ahead'}`];
    const cloned = first.cloned_at === null ? [] : [`CLONED since ${shownTime(first.cloned_at)}`];
    const others = own.filter((row) => row.state === 'waiting' && row !== inForce);
    return [
      [first.kiosk_id, first.name, inForce.state ?? 'not enrolled', inForce.fingerprint === null ? '-' : shownFingerprint(inForce.fingerprint), seen, ...(first.app ? [`app ${first.app}`] : []), ...skew, ...cloned].join('  '),
      ...others.map(({ fingerprint }) => `  also waiting: ${shownFingerprint(fingerprint ?? '')}`),
    ];
  });
}

/** As it is shown, in groups, or in one word. */
function prefixOf(words: readonly string[]): string {
  const prefix = words.join('').toLowerCase();
  if (!/^[0-9a-f]{0,64}$/.test(prefix)) throw new StartFailure('A fingerprint holds digits and the letters a to f.');
  return prefix;
}

function failure(kioskId: string, error: DecisionError): StartFailure {
  switch (error.kind) {
    case 'unknown':
      return new StartFailure(`HQ knows no key of ${kioskId}: it has not enrolled, or its keys are revoked already.`);
    case 'none_waiting':
      return new StartFailure(`No such key of ${kioskId} waits for approval.`);
    case 'nothing_to_undo':
      return new StartFailure(`${kioskId} is not held to be cloned, and no such key of it, once approved, is revoked with none in its place. A key that was never approved is taken only by the beginning of its fingerprint.`);
    case 'several':
      return new StartFailure(`Several keys of ${kioskId} are meant; name one by the beginning of its fingerprint: ${error.fingerprints.map(shownFingerprint).join(', or ')}.`);
  }
}

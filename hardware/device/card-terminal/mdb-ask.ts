import type { QibixxAnswer, ReaderSetup, ReaderStatus } from '../../codec/qibixx/answers.ts';
import type { QibixxCommand } from '../../codec/qibixx/commands.ts';
import type { MdbEvent, MdbLink, MdbSent } from './mdb-link.ts';
import type { MdbProfile } from './mdb-profiles.ts';

type NotSaid = Exclude<MdbSent, { kind: 'sent' }> | { readonly kind: 'silence'; readonly detail: string } | { readonly kind: 'lost'; readonly detail: string };

export type Asked =
  /** `sawError`: an error came before the answer, to what was sent before the question. */
  | { readonly kind: 'status'; readonly status: ReaderStatus; readonly setup: ReaderSetup | undefined; readonly sawError: boolean }
  | NotSaid;

/** How often a question is put before a silent line counts as dead. */
const questions = 4;

/** A command, and the first answer that fits it within the time; what else comes meanwhile is passed over. */
export async function command<T>(
  link: MdbLink,
  order: QibixxCommand,
  timeoutMs: number,
  fits: (answer: QibixxAnswer, isOld: boolean) => T | undefined,
): Promise<{ readonly kind: 'answered'; readonly value: T } | NotSaid> {
  const sent = await link.send(order);
  if (sent.kind !== 'sent') return sent;
  return hear(link, timeoutMs, fits);
}

export async function hear<T>(link: MdbLink, timeoutMs: number, fits: (answer: QibixxAnswer, isOld: boolean) => T | undefined) {
  const deadline = startDeadline(link, timeoutMs);
  try {
    for (;;) {
      const event: MdbEvent = await link.next(timeoutMs);
      if (event.kind === 'lost') return event;
      const value = event.kind === 'answer' ? fits(event.answer, event.isOld) : undefined;
      if (value !== undefined) return { kind: 'answered', value } as const;
      if (event.kind === 'silence' || deadline.isOver()) return { kind: 'silence', detail: `no answer within ${timeoutMs} ms` } as const;
    }
  } finally {
    deadline.clear();
  }
}

/** D,STATUS until it is answered, four times at most. Lines keep their order: the answer tells of everything that was sent before it. */
export async function askStatus(link: MdbLink, profile: MdbProfile): Promise<Asked> {
  let last: Asked = { kind: 'silence', detail: 'this firmware cannot be asked' };
  let sawError = false;
  for (let question = 0; profile.statusQuery && question < questions; question += 1) {
    last = await askOnce();
    if (last.kind !== 'silence') break;
  }
  return last;

  /**
   * The answer to an earlier question is no answer to this one. Where such a one comes and then nothing more, an answer was
   * lost, and not late: the next question is counted anew.
   */
  async function askOnce(): Promise<Asked> {
    let sawOld = false;
    const answered = await command(link, { kind: 'status' }, profile.answerMs, (answer, isOld): Asked | undefined => {
      if (answer.kind === 'error') sawError = true;
      if (answer.kind !== 'status' || !answer.asked) return undefined;
      if (isOld) sawOld = true;
      return isOld ? undefined : { kind: 'status', status: answer.status, setup: answer.setup, sawError };
    });
    if (answered.kind === 'answered') return answered.value;
    if (sawOld) link.forgetQuestions();
    return answered;
  }
}

/** What is known of a vend after it was to be ended. */
export type Ending =
  /** The reader has heard it, and is idle. */
  | { readonly kind: 'ended' }
  /** It certainly has not: the vend is as open as it was. */
  | { readonly kind: 'never_left'; readonly detail: string }
  | { readonly kind: 'unclear'; readonly detail: string };

/**
 * D,END or D,END,-1 for the vend that is open. Sent again only when the reader says that the vend is open still, so that no
 * other vend can be meant. Before the first, too, it is asked: an approval that lay in a slow line may have been given up since.
 */
export async function endVend(link: MdbLink, profile: MdbProfile, kind: 'end' | 'end_failed'): Promise<Ending> {
  if (profile.statusQuery) {
    const before = await askStatus(link, profile);
    if (before.kind !== 'status') return { kind: 'never_left', detail: before.detail };
    if (before.status.kind !== 'approved') return { kind: 'unclear', detail: `the reader had given the vend up (${before.status.kind})` };
  }
  for (let attempt = 0; attempt < questions; attempt += 1) {
    const sent = await link.send({ kind });
    if (sent.kind === 'not_sent' && attempt === 0) return { kind: 'never_left', detail: sent.detail };
    if (sent.kind !== 'sent') return { kind: 'unclear', detail: sent.detail };
    const heard = await hear(link, profile.answerMs, afterEnd);
    if (heard.kind === 'lost') return { kind: 'unclear', detail: heard.detail };
    const word = heard.kind === 'answered' ? heard.value : 'silence';
    if (word === 'off' || word === 'reset' || word === 'init') return { kind: 'unclear', detail: `the reader started anew (${word})` };
    // Asked after an IDLE, too: it may be that of a vend which the reader gave up while D,END was on its way. Then the error to
    // D,END follows it.
    const asked = await askStatus(link, profile);
    if (asked.kind !== 'status') return word === 'idle' && !profile.statusQuery ? { kind: 'ended' } : { kind: 'unclear', detail: asked.detail };
    if (asked.status.kind === 'approved') continue;
    if (word === 'refused' || asked.sawError) return { kind: 'unclear', detail: 'the reader had given the vend up before it was ended' };
    if (word === 'idle' || asked.status.kind === 'idle') return { kind: 'ended' };
    return { kind: 'unclear', detail: `the reader is ${asked.status.kind} after the end` };
  }
  return { kind: 'unclear', detail: 'the reader does not take the end' };
}

function afterEnd(answer: QibixxAnswer): 'idle' | 'refused' | 'off' | 'reset' | 'init' | undefined {
  if (answer.kind === 'error') return 'refused';
  if (answer.kind !== 'status') return undefined;
  const { kind } = answer.status;
  return kind === 'idle' || kind === 'off' || kind === 'reset' || kind === 'init' ? kind : undefined;
}

/** A time that is over wakes whoever reads the line. */
export interface Deadline {
  isOver(): boolean;
  clear(): void;
}

export function startDeadline(link: MdbLink, ms: number): Deadline {
  let over = false;
  const timer = setTimeout(() => {
    over = true;
    link.wake();
  }, ms);
  return { isOver: () => over, clear: () => clearTimeout(timer) };
}

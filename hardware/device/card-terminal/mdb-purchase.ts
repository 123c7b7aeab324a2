import { messageOf } from '../../../domain/contract/errors.ts';
import { deadlinePassed, within } from '../../transport/deadline.ts';
import { askStatus, endVend, hear, startDeadline } from './mdb-ask.ts';
import type { Deadline } from './mdb-ask.ts';
import type { MdbEvent, MdbLink } from './mdb-link.ts';
import type { MdbProfile } from './mdb-profiles.ts';
import type { ReaderStatus } from '../../codec/qibixx/answers.ts';
import type { Authorisation, AuthorisationOutcome } from './port.ts';

export interface PurchaseEnd {
  readonly outcome: AuthorisationOutcome;
  /** The reader has said that it is idle again: nothing has to be looked after. */
  readonly isIdle: boolean;
  /** It has taken D,END,-1 for this vend. */
  readonly isGivenBack: boolean;
}

export interface PurchaseDeps {
  readonly link: MdbLink;
  readonly profile: MdbProfile;
  readonly isAborted: () => boolean;
  /** Told before D,END,-1 leaves. */
  readonly onRefused: () => void;
}

/** MDB has no result codes. 6C as for any cancelled payment; FF is its only word, -1, in two hex digits. */
export const CANCELLED = '6c';
export const DENIED = 'ff';
/** So often a request is called off, and so many questions may go unanswered, before the line counts as dead. */
const tries = 3;

/** One vend by the money rules: approved is only what was committed, ended with D,END, and left the reader idle. */
export async function purchase(authorisation: Authorisation, { link, profile, isAborted, onRefused }: PurchaseDeps): Promise<PurchaseEnd> {
  const { amount, onMessage } = authorisation;
  const vendTime = startDeadline(link, profile.vendMs);
  let graceTime: Deadline | undefined;
  try {
    return await run();
  } finally {
    vendTime.clear();
    graceTime?.clear();
  }

  async function run(): Promise<PurchaseEnd> {
    const sent = await link.send({ kind: 'request', amount: amount.amount, product: profile.product });
    if (sent.kind === 'not_sent') return { outcome: { kind: 'not_sent', detail: sent.detail }, isIdle: false, isGivenBack: false };
    if (sent.kind === 'uncertain') return unknown(sent.detail);
    const begun = await begin();
    if (begun.kind === 'end') return begun.end;
    if (begun.kind === 'status') return afterResult(begun.status);
    onMessage('present_card');
    return waitForCard();
  }

  /** Until the reader waits for a card. An IDLE here may be an old one; only the answer to a question tells of our request. */
  async function begin(): Promise<{ kind: 'vend' } | { kind: 'status'; status: ReaderStatus } | { kind: 'end'; end: PurchaseEnd }> {
    const heard = await hear(link, profile.answerMs, (answer) => {
      if (answer.kind === 'error') return 'refused';
      return answer.kind === 'status' && answer.status.kind !== 'idle' && answer.status.kind !== 'credit' ? answer.status : undefined;
    });
    if (heard.kind === 'lost') return { kind: 'end', end: unknown(heard.detail) };
    if (heard.kind === 'answered' && heard.value !== 'refused') return heard.value.kind === 'vend' ? { kind: 'vend' } : { kind: 'status', status: heard.value };
    const isRefused = heard.kind === 'answered';
    // The line that said VEND may be the one that was lost: where nobody can be asked, the card is waited for.
    if (!profile.statusQuery) return isRefused ? { kind: 'end', end: over({ kind: 'declined', resultCode: DENIED }) } : { kind: 'vend' };
    const asked = await askStatus(link, profile);
    if (asked.kind !== 'status') return { kind: 'end', end: unknown(asked.detail) };
    if (asked.status.kind === 'vend') return { kind: 'vend' };
    if (asked.status.kind !== 'idle') return { kind: 'status', status: asked.status };
    // It answered after our request and is idle: it never had it, or would not have it. A vend cannot have come and gone without its end.
    return { kind: 'end', end: over(isRefused ? { kind: 'declined', resultCode: DENIED } : { kind: 'cancelled', resultCode: CANCELLED }) };
  }

  async function waitForCard(): Promise<PurchaseEnd> {
    let cancels = 0;
    let unanswered = 0;
    let cancelNow = isAborted() || vendTime.isOver();
    for (;;) {
      if (cancelNow && cancels < tries) {
        cancels += 1;
        graceTime ??= startDeadline(link, profile.answerMs);
        const sent = await link.send({ kind: 'cancel_request' });
        if (sent.kind !== 'sent') return unknown(sent.detail);
      } else if (cancelNow) {
        return unknown('the reader does not stop waiting for a card');
      }
      cancelNow = false;
      const event = await link.next(cancels > 0 ? profile.answerMs : profile.pollMs);
      if (event.kind === 'lost') return unknown(event.detail);
      if (event.kind === 'answer') {
        const { answer } = event;
        if (answer.kind === 'status' && answer.status.kind !== 'vend' && answer.status.kind !== 'credit') return afterResult(answer.status);
        if (answer.kind !== 'error') {
          unanswered = 0;
          continue;
        }
      } else if (event.kind === 'woken') {
        cancelNow = cancels === 0 && (isAborted() || vendTime.isOver());
        continue;
      }
      // Nothing for a while, or something that could not be read or was refused: a result may be among what was lost.
      if (profile.statusQuery) {
        if (unanswered === tries) return unknown('the reader does not answer');
        unanswered += 1;
        const sent = await link.send({ kind: 'status' });
        if (sent.kind !== 'sent') return unknown(sent.detail);
      }
      cancelNow = cancels > 0 && event.kind === 'silence';
    }
  }

  function afterResult(status: ReaderStatus): Promise<PurchaseEnd> | PurchaseEnd {
    const wasStopped = graceTime !== undefined;
    switch (status.kind) {
      case 'approved':
        return approved(status.amount);
      case 'denied':
        if (!wasStopped) onMessage('declined');
        return untilIdle(wasStopped ? { kind: 'cancelled', resultCode: CANCELLED } : { kind: 'declined', resultCode: DENIED });
      case 'idle':
        // Idle after D,REQ,-1 is its answer. Without that a result was lost, or the reader has given up by itself.
        return wasStopped ? over({ kind: 'cancelled', resultCode: CANCELLED }) : unknown('idle again without a result', true);
      default:
        return unknown(`the reader started anew (${status.kind})`);
    }
  }

  /** The denial is certain; where the reader does not come back by itself, the connection is begun anew. */
  async function untilIdle(outcome: AuthorisationOutcome): Promise<PurchaseEnd> {
    const heard = await hear(link, profile.answerMs, (answer) => (answer.kind === 'status' && answer.status.kind === 'idle' ? true : undefined));
    return { outcome, isIdle: heard.kind === 'answered', isGivenBack: false };
  }

  async function approved(approvedAmount: number): Promise<PurchaseEnd> {
    if (approvedAmount !== amount.amount) return refuse('approved for another amount');
    // A card presented after the customer had cancelled: whoever presented it gets nothing for it.
    if (graceTime?.isOver()) return refuse('approved too late after our abort');
    onMessage('please_wait');
    const refusal = (await commit()) ?? (await release());
    if (refusal) return refuse(refusal);
    const gone = whatEndedIt(link.drain());
    if (gone) return gone;
    const ending = await endVend(link, profile, 'end');
    switch (ending.kind) {
      case 'ended':
        return over({ kind: 'approved', card: {} });
      case 'never_left':
        return neverEnded(ending.detail);
      case 'unclear':
        return unknown(ending.detail);
    }
  }

  async function commit(): Promise<string | undefined> {
    try {
      const committed = await within(authorisation.onApproved({}), profile.commitMs);
      return committed === deadlinePassed ? `the approval was not committed within ${profile.commitMs} ms` : undefined;
    } catch (cause) {
      return `the approval was not committed: ${messageOf(cause)}`;
    }
  }

  async function release(): Promise<string | undefined> {
    if (!authorisation.release) return undefined;
    try {
      const released = await within(authorisation.release(profile.releaseMs), profile.releaseMs);
      if (released === deadlinePassed) return `the goods did not come out within ${profile.releaseMs} ms`;
      return released === 'released' ? undefined : 'the goods did not come out';
    } catch (cause) {
      return `the goods did not come out: ${messageOf(cause)}`;
    }
  }

  /** The vend may have ended while we were busy: then there is nothing left to end. */
  function whatEndedIt(events: readonly MdbEvent[]): PurchaseEnd | undefined {
    for (const event of events) {
      if (event.kind === 'lost') return neverEnded(event.detail);
      const status = event.kind === 'answer' && event.answer.kind === 'status' ? event.answer.status.kind : undefined;
      if (status && status !== 'approved' && status !== 'vend') return unknown(`the vend ended by itself (${status})`);
    }
    return undefined;
  }

  /** D,END certainly never left. What the reader does with such a vend only its profile knows. */
  function neverEnded(detail: string): PurchaseEnd {
    return profile.unendedAreRefunded ? { ...unknown(detail), outcome: { kind: 'cancelled', resultCode: CANCELLED } } : unknown(detail);
  }

  async function refuse(detail: string): Promise<PurchaseEnd> {
    onRefused();
    onMessage('reversing');
    const ending = await endVend(link, profile, 'end_failed');
    if (ending.kind === 'ended') return { outcome: { kind: 'cancelled', resultCode: CANCELLED }, isIdle: true, isGivenBack: true };
    if (ending.kind === 'never_left' && profile.unendedAreRefunded) return neverEnded(ending.detail);
    return { outcome: { kind: 'unknown', detail: `${detail}; ${ending.detail}`, refused: {} }, isIdle: false, isGivenBack: false };
  }
}

function over(outcome: AuthorisationOutcome): PurchaseEnd {
  return { outcome, isIdle: true, isGivenBack: false };
}

function unknown(detail: string, isIdle = false): PurchaseEnd {
  return { outcome: { kind: 'unknown', detail }, isIdle, isGivenBack: false };
}

import { messageOf } from '../../../domain/contract/errors.ts';
import type { CardDetails } from '../../../domain/payment/card.ts';
import { err, ok } from '../../../domain/result.ts';
import type { Result } from '../../../domain/result.ts';
import { encodeAmount } from '../../codec/qibixx/amount.ts';
import type { Transport } from '../../transport/transport.ts';
import { createKeptConnection, createRefusals } from './kept-connection.ts';
import type { Connection } from './kept-connection.ts';
import { askStatus } from './mdb-ask.ts';
import { createMdbLink } from './mdb-link.ts';
import type { MdbEvent } from './mdb-link.ts';
import type { MdbProfile } from './mdb-profiles.ts';
import { purchase } from './mdb-purchase.ts';
import { arm, disarm, start } from './mdb-start.ts';
import type { Authorisation, AuthorisationOutcome, CardTerminal, LastTransaction, TerminalFailure } from './port.ts';
import type { TraceListener } from './trace.ts';

export interface MdbReaderDeps {
  readonly transport: Transport;
  readonly profile: MdbProfile;
  readonly trace?: TraceListener;
}

/** No card data ever comes over this line, nor a number that names a purchase. */
const noCard: CardDetails = {};

/**
 * A cashless reader on an MDB bus, behind a Qibixx interface. It opens the line, starts the interface as master, asks now and
 * then whether the reader is still there, and begins anew by itself whenever that fails. It never sends a purchase twice.
 */
export function createMdbReader({ transport, profile, trace = () => {} }: MdbReaderDeps): CardTerminal {
  const link = createMdbLink({ transport, profile, trace });
  const refusals = createRefusals(trace);
  let authorising: { aborted: boolean } | undefined;
  /** The last vend that this driver knows of is certainly not paid, since the reader said so itself. */
  let lastIsUndone = false;

  const kept = createKeptConnection({
    transport,
    trace,
    times: profile,
    bringUp,
    heartbeat: lookAfter,
    async onLine(work) {
      link.begin();
      try {
        return await work();
      } finally {
        link.end();
      }
    },
  });
  link.onUnasked(noticeUnasked);

  return {
    state: kept.state,
    onState: kept.onState,
    authorise(authorisation) {
      if (authorising) throw new Error('card terminal: an authorisation is under way');
      authorising = { aborted: false };
      const mine = authorising;
      const work = async () => unavailable(authorisation) ?? (await kept.inTurn(() => authoriseNow(authorisation, mine)));
      return kept.whileWorking(work).finally(() => (authorising = undefined));
    },
    abort() {
      if (!authorising || authorising.aborted) return;
      authorising.aborted = true;
      link.wake();
    },
    lastTransaction: () => kept.whileWorking(askLastTransaction),
    async reverse() {
      if (authorising) throw new Error('card terminal: an authorisation is under way');
      return { kind: 'refused', detail: 'MDB cannot take back a vend that was ended: the money is given back by a person' };
    },
    needsPrinter: false,
    onSlip: () => () => {},
    baseline: () => undefined,
    onRefusedApproval: refusals.on,
    async close() {
      kept.beginClosing();
      link.close();
      await transport.close();
      await kept.ended;
    },
  };

  function onRefused(): void {
    trace({ kind: 'fault', detail: 'an approval is refused (D,END,-1)' });
    refusals.tell(noCard);
  }

  /** While nobody asks for anything, a reader that starts anew or approves something is looked after. */
  function noticeUnasked(event: MdbEvent): void {
    if (event.kind !== 'answer' || event.answer.kind !== 'status') return;
    const { kind } = event.answer.status;
    if (kind === 'off' || kind === 'reset' || kind === 'vend' || kind === 'approved' || (kind === 'init' && !profile.armedOnlyForPurchase)) kept.disturb();
  }

  function unavailable({ amount }: Authorisation): AuthorisationOutcome | undefined {
    if (!kept.isUsable()) return { kind: 'not_sent', detail: `the card reader is not ready: ${kept.current().kind}` };
    if (amount.currency !== profile.currency) return { kind: 'not_sent', detail: 'the card reader counts in another currency' };
    const price = encodeAmount(amount.amount, profile);
    return price.ok ? undefined : { kind: 'not_sent', detail: price.error.detail };
  }

  async function authoriseNow(authorisation: Authorisation, mine: { readonly aborted: boolean }): Promise<AuthorisationOutcome> {
    if (mine.aborted) return { kind: 'not_sent', detail: 'aborted before it was sent' };
    const notNow = unavailable(authorisation);
    if (notNow) return notNow;
    if (profile.armedOnlyForPurchase) {
      const detail = await arm(link, profile);
      if (detail !== undefined || mine.aborted) {
        if (detail === undefined) await disarmNow();
        else kept.disturb();
        return { kind: 'not_sent', detail: detail ?? 'aborted before it was sent' };
      }
    }
    lastIsUndone = false;
    try {
      const { outcome, isIdle, isGivenBack } = await purchase(authorisation, { link, profile, isAborted: () => mine.aborted, onRefused });
      lastIsUndone = isGivenBack;
      if (isIdle && profile.armedOnlyForPurchase) await disarmNow();
      else if (!isIdle) kept.disturb();
      return outcome;
    } catch (cause) {
      // A bug (a listener that throws) in the middle of a purchase: what the reader did is as unknown as after any other fault.
      kept.disturb();
      return { kind: 'unknown', detail: messageOf(cause) };
    }
  }

  /** It has no part in the outcome: that is certain already. */
  async function disarmNow(): Promise<void> {
    if ((await disarm(link, profile)).kind !== 'ready') kept.disturb();
  }

  /** MDB remembers nothing; what can be said is whether the vend that was open last is undone. That is known once the reader is ready. */
  async function askLastTransaction(): Promise<Result<LastTransaction, TerminalFailure>> {
    if (await kept.untilReady()) return ok({ kind: 'forgotten', unendedAreRefunded: lastIsUndone || profile.unendedAreRefunded });
    return err(kept.failure('not ready in time'));
  }

  async function bringUp(): Promise<Connection> {
    if (!transport.isOpen()) {
      const opened = await transport.open();
      if (!opened.ok) return { kind: 'unplugged', detail: opened.error.detail };
      link.reset();
      link.drain();
    }
    if (kept.isClosed()) return { kind: 'starting' };
    const started = await start({ link, profile, onRefused, onLeftoverUndone: () => (lastIsUndone = true) });
    if (started.kind === 'ready' && transport.isOpen()) return { kind: 'ready' };
    return kept.failed(started.kind === 'failed' ? started.detail : 'lost while it was started');
  }

  async function lookAfter(): Promise<void> {
    if (!profile.statusQuery) return;
    const asked = await askStatus(link, profile);
    const kind = asked.kind === 'status' ? asked.status.kind : undefined;
    const isWell = kind === 'idle' || kind === 'credit' || (kind === 'init' && profile.armedOnlyForPurchase);
    if (!isWell) kept.disturb();
  }
}

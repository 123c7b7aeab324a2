import { messageOf } from '../../../domain/contract/errors.ts';
import type { CardDetails } from '../../../domain/payment/card.ts';
import { err, ok } from '../../../domain/result.ts';
import type { Result } from '../../../domain/result.ts';
import { encodeAmount } from '../../codec/qibixx/amount.ts';
import type { Transport } from '../../transport/transport.ts';
import { askStatus } from './mdb-ask.ts';
import { createMdbLink } from './mdb-link.ts';
import type { MdbEvent } from './mdb-link.ts';
import type { MdbProfile } from './mdb-profiles.ts';
import { purchase } from './mdb-purchase.ts';
import { arm, disarm, start } from './mdb-start.ts';
import type { Authorisation, AuthorisationOutcome, CardTerminal, CardTerminalState, LastTransaction, TerminalFailure } from './port.ts';
import { createSignal } from './signal.ts';
import type { TraceListener } from './trace.ts';

export interface MdbReaderDeps {
  readonly transport: Transport;
  readonly profile: MdbProfile;
  readonly trace?: TraceListener;
}

type Connection = Exclude<CardTerminalState, { kind: 'busy' }>;

/** No card data ever comes over this line, nor a number that names a purchase. */
const noCard: CardDetails = {};

/**
 * A cashless reader on an MDB bus, behind a Qibixx interface. It opens the line, starts the interface as master, asks now and
 * then whether the reader is still there, and begins anew by itself whenever that fails. It never sends a purchase twice.
 */
export function createMdbReader({ transport, profile, trace = () => {} }: MdbReaderDeps): CardTerminal {
  const link = createMdbLink({ transport, profile, trace });
  const listeners = new Set<(state: CardTerminalState) => void>();
  const refusalListeners = new Set<(card: CardDetails) => void>();
  /** Raised when the connection has changed, was disturbed, or the reader is being closed. */
  const changed = createSignal();
  let untoldRefusals = 0;
  let connection: Connection = { kind: 'starting' };
  let told = '';
  let working = 0;
  let authorising: { aborted: boolean } | undefined;
  let disturbed = false;
  let closed = false;
  /** The last vend that this driver knows of is certainly not paid, since the reader said so itself. */
  let lastIsUndone = false;
  let turn: Promise<unknown> = Promise.resolve();

  const stopLost = transport.onLost((detail) => setConnection({ kind: 'unplugged', detail }));
  link.onUnasked(noticeUnasked);
  const keeping = keepConnected();

  return {
    state,
    onState(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    authorise(authorisation) {
      if (authorising) throw new Error('card terminal: an authorisation is under way');
      authorising = { aborted: false };
      const mine = authorising;
      const work = async () => unavailable(authorisation) ?? (await inTurn(() => authoriseNow(authorisation, mine)));
      return whileWorking(work).finally(() => (authorising = undefined));
    },
    abort() {
      if (!authorising || authorising.aborted) return;
      authorising.aborted = true;
      link.wake();
    },
    lastTransaction: () => whileWorking(askLastTransaction),
    async reverse() {
      if (authorising) throw new Error('card terminal: an authorisation is under way');
      return { kind: 'refused', detail: 'MDB cannot take back a vend that was ended: the money is given back by a person' };
    },
    needsPrinter: false,
    onSlip: () => () => {},
    baseline: () => undefined,
    onRefusedApproval(listener) {
      refusalListeners.add(listener);
      for (; untoldRefusals > 0; untoldRefusals -= 1) listener(noCard);
      return () => refusalListeners.delete(listener);
    },
    async close() {
      closed = true;
      stopLost();
      changed.raise();
      link.close();
      await transport.close();
      await keeping;
    },
  };

  function state(): CardTerminalState {
    return connection.kind === 'ready' && working > 0 ? { kind: 'busy' } : connection;
  }

  function setConnection(next: Connection): void {
    connection = next;
    changed.raise();
    tell();
  }

  function tell(): void {
    const now = state();
    if (closed || told === JSON.stringify(now)) return;
    told = JSON.stringify(now);
    trace({ kind: 'state', state: now.kind, ...('detail' in now ? { detail: now.detail } : {}) });
    for (const listener of listeners) listener(now);
  }

  function onRefused(): void {
    trace({ kind: 'fault', detail: 'an approval is refused (D,END,-1)' });
    if (refusalListeners.size === 0) untoldRefusals += 1;
    for (const listener of refusalListeners) {
      try {
        listener(noCard);
      } catch (cause) {
        // Refused it must be all the same: the card holder's money is held meanwhile.
        trace({ kind: 'fault', detail: `a refused approval was not taken down: ${messageOf(cause)}` });
      }
    }
  }

  /** While nobody asks for anything, a reader that starts anew or approves something is looked after. */
  function noticeUnasked(event: MdbEvent): void {
    if (event.kind !== 'answer' || event.answer.kind !== 'status') return;
    const { kind } = event.answer.status;
    if (kind === 'off' || kind === 'reset' || kind === 'vend' || kind === 'approved' || (kind === 'init' && !profile.armedOnlyForPurchase)) disturb();
  }

  async function whileWorking<T>(work: () => Promise<T>): Promise<T> {
    working += 1;
    tell();
    try {
      return await work();
    } finally {
      working -= 1;
      tell();
    }
  }

  /** The line belongs to one conversation at a time. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(async () => {
      link.begin();
      try {
        return await work();
      } finally {
        link.end();
      }
    });
    turn = mine.catch(() => {});
    return mine;
  }

  function disturb(): void {
    disturbed = true;
    if (transport.isOpen() && connection.kind === 'ready') setConnection({ kind: 'starting' });
    changed.raise();
  }

  function unavailable({ amount }: Authorisation): AuthorisationOutcome | undefined {
    if (closed || disturbed || connection.kind !== 'ready' || !transport.isOpen()) return { kind: 'not_sent', detail: `the card reader is not ready: ${connection.kind}` };
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
        else disturb();
        return { kind: 'not_sent', detail: detail ?? 'aborted before it was sent' };
      }
    }
    lastIsUndone = false;
    try {
      const { outcome, isIdle, isGivenBack } = await purchase(authorisation, { link, profile, isAborted: () => mine.aborted, onRefused });
      lastIsUndone = isGivenBack;
      if (isIdle && profile.armedOnlyForPurchase) await disarmNow();
      else if (!isIdle) disturb();
      return outcome;
    } catch (cause) {
      // A bug (a listener that throws) in the middle of a purchase: what the reader did is as unknown as after any other fault.
      disturb();
      return { kind: 'unknown', detail: messageOf(cause) };
    }
  }

  /** It has no part in the outcome: that is certain already. */
  async function disarmNow(): Promise<void> {
    if ((await disarm(link, profile)).kind !== 'ready') disturb();
  }

  /** MDB remembers nothing; what can be said is whether the vend that was open last is undone. That is known once the reader is ready. */
  async function askLastTransaction(): Promise<Result<LastTransaction, TerminalFailure>> {
    let timeIsUp = false;
    const deadline = setTimeout(() => {
      timeIsUp = true;
      changed.raise();
    }, profile.readyTimeoutMs);
    while (!closed && !timeIsUp && (connection.kind !== 'ready' || disturbed)) await changed.next();
    clearTimeout(deadline);
    if (!closed && connection.kind === 'ready' && !disturbed) return ok({ kind: 'forgotten', unendedAreRefunded: lastIsUndone || profile.unendedAreRefunded });
    return err({ kind: connection.kind === 'unplugged' ? 'unplugged' : 'no_answer', detail: 'detail' in connection ? connection.detail : 'not ready in time' });
  }

  async function keepConnected(): Promise<void> {
    let failures = 0;
    while (!closed) {
      const next = await inTurn(bringUp);
      if (closed) break;
      setConnection(next);
      if (next.kind === 'ready') {
        failures = 0;
        await untilDisturbed();
      } else {
        const waits = profile.reconnectMs;
        await pause(waits[Math.min(failures, waits.length - 1)] ?? 1_000);
        failures += 1;
      }
    }
    await transport.close();
  }

  async function bringUp(): Promise<Connection> {
    disturbed = false;
    if (!transport.isOpen()) {
      const opened = await transport.open();
      if (!opened.ok) return { kind: 'unplugged', detail: opened.error.detail };
      link.reset();
      link.drain();
    }
    if (closed) return { kind: 'starting' };
    const started = await start({ link, profile, onRefused, onLeftoverUndone: () => (lastIsUndone = true) });
    if (started.kind === 'ready' && transport.isOpen()) return { kind: 'ready' };
    const detail = started.kind === 'failed' ? started.detail : 'lost while it was started';
    return transport.isOpen() ? { kind: 'no_answer', detail } : { kind: 'unplugged', detail };
  }

  /** A port that vanishes while nothing is sent is told by the transport; a reader that hangs only by being asked. */
  async function untilDisturbed(): Promise<void> {
    while (!closed && !disturbed && transport.isOpen()) {
      const heartbeatDue = !(await changed.next(profile.heartbeatMs || undefined));
      if (heartbeatDue && working === 0 && !disturbed) await inTurn(lookAfter);
    }
  }

  async function lookAfter(): Promise<void> {
    if (!profile.statusQuery) return;
    const asked = await askStatus(link, profile);
    const kind = asked.kind === 'status' ? asked.status.kind : undefined;
    const isWell = kind === 'idle' || kind === 'credit' || (kind === 'init' && profile.armedOnlyForPurchase);
    if (!isWell) disturb();
  }

  /** The given time, cut short only by `close`. */
  async function pause(ms: number): Promise<void> {
    let over = false;
    const timer = setTimeout(() => {
      over = true;
      changed.raise();
    }, ms);
    while (!over && !closed) await changed.next();
    clearTimeout(timer);
  }
}

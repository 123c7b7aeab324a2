import type { Transport } from '../../transport/transport.ts';
import { apduOf, bcd, dataOf, digitsOf, fieldsOf } from './bytes.ts';
import { createBook } from './book.ts';
import type { BookEntry } from './book.ts';
import { displayOf } from './display.ts';
import type { TerminalDisplay, TerminalPhase } from './display.ts';
import { createSimLine } from './line.ts';
import type { LineFault } from './line.ts';
import { statusInformation } from './status-information.ts';

export interface ZvtTerminalSimOptions {
  /** ISO 4217 number; CNY unless told otherwise. */
  readonly currency?: '0156' | '0978';
  readonly terminalId?: string;
  /** What a card shows of its number: digits and stars. */
  readonly maskedPan?: string;
  readonly cardName?: string;
  readonly firstReceiptNumber?: number;
  readonly now?: () => number;
  readonly t1Ms?: number;
  readonly t2Ms?: number;
  /** For the kiosk's answer to a message of the terminal. */
  readonly t3Ms?: number;
  readonly cardTimeoutMs?: number;
  /** How long the bank takes. */
  readonly processingMs?: number;
  readonly rebootMs?: number;
  /** A card taps itself so long after it was asked for. */
  readonly autoApproveAfterMs?: number;
  /** False: a terminal that deviates and keeps an approval that was never acknowledged. */
  readonly reversesUnacknowledged?: boolean;
  /**
   * True: a reversal is a transaction of its own, with result 00, the same amount and the next receipt number. The kiosk
   * is told it (04 0F) and 06 20 repeats it.
   */
  readonly reportsReversalAsTransaction?: boolean;
  /** How it takes 06 20: a terminal that deviates answers 84 83, or nothing at all. */
  readonly repeatReceipt?: 'answered' | 'refused' | 'unanswered';
}

/** Orders for the next purchase; each is used up by it. */
export interface SimScript {
  /**
   * The bank approves, and the terminal hangs: before it has told the kiosk, when it has told but hears no answer any
   * more, or right after the kiosk has acknowledged (the purchase is final, the completion never comes).
   */
  approveAndFallSilent?: 'before_status' | 'after_status' | 'after_acknowledgement';
}

export interface ZvtTerminalSim {
  /** From here on it lives at this line. The line may be lost and come back. */
  connect(line: Transport): void;
  display(): TerminalDisplay;
  onChange(listener: () => void): () => void;
  /** False where no card is asked for. */
  tapCard(): boolean;
  /** The card that is asked for, or the next one, is declined with this result code. */
  decline(resultCode?: number): void;
  /** The red key. */
  cancel(): boolean;
  setSilent(silent: boolean): void;
  isSilent(): boolean;
  /** Forgets registration and purchase under way; an approval that was not acknowledged is reversed. */
  reboot(): void;
  book(): readonly BookEntry[];
  script: SimScript;
  failNext(fault: LineFault): void;
  close(): void;
}

const resultShownMs = 3_000;

type Action = 'card' | 'declined_card' | 'red_key' | 'kiosk_abort' | 'timeout';
type Answer = { readonly kind: 'answer'; readonly code: number } | { readonly kind: 'none' };

const OK = apduOf(0x80, 0x00);
const refusal = (code: number) => apduOf(0x84, code);
const completion = (data: readonly number[] = []) => apduOf(0x06, 0x0f, data);
const abort = (code: number) => apduOf(0x06, 0x1e, [code]);
const intermediate = (code: number) => apduOf(0x04, 0xff, [code]);

/**
 * A payment terminal by the specification, with a display, buttons and a book of its own. It takes an approval for final
 * only when the kiosk has acknowledged its 04 0F with 80 00 (or 84 00), and reverses it by itself otherwise.
 */
export function createZvtTerminalSim(options: ZvtTerminalSimOptions = {}): ZvtTerminalSim {
  const {
    currency = '0156',
    terminalId = '24000001',
    maskedPan = '622202******1234',
    cardName = 'UnionPay',
    firstReceiptNumber = 1,
    now = Date.now,
    t1Ms = 200,
    t2Ms = 5_000,
    t3Ms = 5_000,
    cardTimeoutMs = 60_000,
    processingMs = 800,
    rebootMs = 0,
    autoApproveAfterMs,
    reversesUnacknowledged = true,
    reportsReversalAsTransaction = false,
    repeatReceipt: takesRepeatReceipt = 'answered',
  } = options;

  const book = createBook(firstReceiptNumber);
  const listeners = new Set<() => void>();
  const script: SimScript = {};
  const line = createSimLine({ t1Ms, t2Ms }, onApdu);
  const timers = new Set<NodeJS.Timeout>();
  let phase: TerminalPhase = 'not_registered';
  let amountShown: number | undefined;
  let registered = false;
  let busy = false;
  let off = false;
  /** Counts reboots: what was begun in an earlier life goes no further. */
  let life = 0;
  let act: ((action: Action) => void) | undefined;
  let declineCode: number | undefined;
  let abortAsked = false;
  let heardAnswer: ((answer: Answer) => void) | undefined;

  return {
    connect: (transport) => line.attach(transport),
    display: () => displayOf(line.isSilent() ? 'hung' : phase, amountShown, currency),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    tapCard: () => perform(declineCode === undefined ? 'card' : 'declined_card'),
    decline(resultCode = 0x05) {
      declineCode = resultCode;
      perform('declined_card');
    },
    cancel: () => perform('red_key'),
    setSilent(silent) {
      line.setSilent(silent);
      told();
    },
    isSilent: () => line.isSilent(),
    reboot,
    book: () => book.entries(),
    script,
    failNext: (fault) => line.failNext(fault),
    close() {
      life += 1;
      for (const timer of timers) clearTimeout(timer);
      heardAnswer?.({ kind: 'none' });
      line.close();
    },
  };

  function show(next: TerminalPhase, amount?: number): void {
    phase = next;
    amountShown = amount;
    told();
  }

  function told(): void {
    for (const listener of listeners) listener();
  }

  function perform(action: Action): boolean {
    if (!act || line.isSilent() || off) return false;
    act(action);
    return true;
  }

  function reboot(): void {
    life += 1;
    registered = false;
    busy = false;
    act = undefined;
    heardAnswer?.({ kind: 'none' });
    line.setSilent(false);
    line.reset();
    for (const entry of book.entries()) if (entry.state === 'authorised') settleUnacknowledged(entry, 'reboot');
    off = rebootMs > 0;
    show(off ? 'off' : 'not_registered');
    if (off) {
      void pause(rebootMs).then(() => {
        off = false;
        show('not_registered');
      });
    }
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        resolve();
      }, ms);
      timers.add(timer);
    });
  }

  function onApdu(apdu: readonly number[]): void {
    if (off) return;
    const [high, low] = apdu;
    if (high === 0x80 || high === 0x84) {
      heardAnswer?.({ kind: 'answer', code: high === 0x80 ? 0 : (low ?? 0) });
      return;
    }
    void onCommand(apdu);
  }

  async function onCommand(apdu: readonly number[]): Promise<void> {
    const data = dataOf(apdu);
    if (!data) return void (await line.send(refusal(0x9a)));
    const command = `${digitsOf(apdu.slice(0, 1))} ${digitsOf(apdu.slice(1, 2))}`;
    if (command === '06 b0') return abortByKiosk();
    if (busy) return void (await line.send(refusal(0xa0)));
    switch (command) {
      case '06 00':
        return register(data);
      case '06 01':
        return registered ? authorise(data) : void (await line.send(refusal(0x6b)));
      case '06 02':
        registered = false;
        show('not_registered');
        return void (await line.send(OK));
      case '05 01':
        return taken(completion([0x00]));
      case '06 20':
        return registered ? repeatReceipt(data) : void (await line.send(refusal(0x6b)));
      case '06 70':
        return taken(completion());
      default:
        return void (await line.send(refusal(0x83)));
    }
  }

  /** Positive answer, then the messages, each answered before the next. */
  async function taken(...messages: readonly (readonly number[])[]): Promise<void> {
    if (!(await line.send(OK))) return;
    for (const message of messages) if ((await tell(message)).kind === 'none') return;
  }

  async function register(data: readonly number[]): Promise<void> {
    if (data.length < 4) return void (await line.send(refusal(0x9a)));
    const asked = data.length >= 6 && data[4] !== 0x03 && data[4] !== 0x06 ? digitsOf(data.slice(4, 6)) : currency;
    if (asked !== currency) return void (await line.send(apduOf(0x84, 0x1e, [0x6f])));
    registered = true;
    if (phase === 'not_registered') show('idle');
    await taken(completion([0x19, 0x00, 0x29, ...bcd(terminalId), 0x49, ...bcd(currency)]));
  }

  async function repeatReceipt(data: readonly number[]): Promise<void> {
    if (takesRepeatReceipt === 'unanswered') return;
    const parsed = fieldsOf(data.slice(3));
    if (takesRepeatReceipt === 'refused' || 'unknown' in parsed) return void (await line.send(refusal(0x83)));
    const last = book.last();
    if (!last) return taken(abort(0x83));
    const wantsStatus = ((parsed.fields.get(0x03)?.[0] ?? 0) & 0x01) === 0x01;
    return wantsStatus ? taken(status(last), completion()) : taken(completion());
  }

  async function abortByKiosk(): Promise<void> {
    if (busy && !act) return void (await line.send(refusal(0xa0)));
    await line.send(OK);
    abortAsked = act !== undefined;
    act?.('kiosk_abort');
  }

  async function authorise(data: readonly number[]): Promise<void> {
    const parsed = fieldsOf(data);
    if ('unknown' in parsed) return void (await line.send(refusal(0x83)));
    const amountField = parsed.fields.get(0x04);
    if (!amountField) return void (await line.send(refusal(0x9a)));
    if (parsed.fields.has(0x49) && digitsOf(parsed.fields.get(0x49) ?? []) !== currency) return void (await line.send(refusal(0x6f)));
    busy = true;
    abortAsked = false;
    const mine = life;
    try {
      await purchase(Number(digitsOf(amountField)), parsed.fields.get(0x02)?.[0] ?? 0, mine);
    } finally {
      if (life === mine) {
        busy = false;
        act = undefined;
      }
    }
  }

  async function purchase(amount: number, maxStatusInfos: number, mine: number): Promise<void> {
    const stale = () => life !== mine;
    show('present_card', amount);
    const action = nextAction();
    await line.send(OK);
    // A kiosk that does not answer has gone: no card is taken for it.
    if ((await tell(intermediate(0x0a))).kind === 'none' && !line.isSilent()) return void (stale() || show('idle'));
    if (autoApproveAfterMs !== undefined) void pause(autoApproveAfterMs).then(() => stale() || perform(declineCode === undefined ? 'card' : 'declined_card'));
    const done = await action;
    act = undefined;
    if (stale()) return;
    if (done === 'red_key' || done === 'kiosk_abort' || done === 'timeout') return end('cancelled', abort(0x6c), stale);

    show('please_wait', amount);
    const interrupted = nextAction();
    await tell(intermediate(0x17));
    await Promise.race([pause(processingMs), interrupted]);
    act = undefined;
    if (stale()) return;
    if (abortAsked) return end('cancelled', abort(0x6c), stale);
    if (done === 'declined_card') return declined(amount, stale);
    return approved(amount, maxStatusInfos, stale);
  }

  async function declined(amount: number, stale: () => boolean): Promise<void> {
    const code = declineCode ?? 0x05;
    declineCode = undefined;
    const resultCode = digitsOf([code]);
    const entry = book.begin({ amount, currency, state: 'declined', resultCode, time: now() });
    show('declined', amount);
    await tell(intermediate(0x1d));
    await tell(status(entry));
    return end('declined', abort(code), stale);
  }

  async function approved(amount: number, maxStatusInfos: number, stale: () => boolean): Promise<void> {
    const entry = book.begin({ amount, currency, state: 'authorised', resultCode: '00', time: now() });
    told();
    const fallSilent = script.approveAndFallSilent;
    delete script.approveAndFallSilent;
    if (fallSilent === 'before_status') hang();
    // 84 9C: goods not out yet, asked again every two seconds, at most "max. status-infos" times more.
    let answer: Answer = { kind: 'none' };
    for (let asked = 0; asked <= maxStatusInfos; asked += 1) {
      if (asked > 0) await pause(2_000);
      answer = await tell(status(entry), fallSilent === 'after_status' ? hang : undefined);
      if (stale()) return;
      if (answer.kind === 'none' || answer.code !== 0x9c) break;
    }
    if (answer.kind === 'answer' && answer.code === 0x00) {
      book.change(entry.receiptNumber, { state: 'approved' });
      if (fallSilent === 'after_acknowledgement') hang();
      return end('approved', completion(), stale);
    }
    const reversal = settleUnacknowledged(entry, answer.kind === 'none' ? 'not acknowledged' : `answered 84 ${digitsOf([answer.code])}`);
    show('reversed', amount);
    await tell(intermediate(0x05));
    await tell(reversal ? status(reversal) : apduOf(0x04, 0x0f, [0x27, 0x6c]));
    return end('reversed', abort(0x6c), stale);
  }

  /** The reversal, where it is a transaction of its own. */
  function settleUnacknowledged(entry: BookEntry, reason: string): BookEntry | undefined {
    const keeps = !reversesUnacknowledged && !reason.startsWith('answered');
    book.change(entry.receiptNumber, keeps ? { state: 'approved', reason } : { state: 'reversed', resultCode: '6c', reason });
    if (keeps || !reportsReversalAsTransaction) return undefined;
    return book.begin({ amount: entry.amount, currency: entry.currency, state: 'reversal', resultCode: '00', time: now() });
  }

  async function end(shown: TerminalPhase, lastWord: readonly number[], stale: () => boolean): Promise<void> {
    show(shown);
    await tell(lastWord);
    // The result stays on the display for a moment.
    void pause(resultShownMs).then(() => stale() || busy || phase !== shown || show('idle'));
  }

  function hang(): void {
    line.setSilent(true);
    told();
  }

  function nextAction(): Promise<Action> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve('timeout'), cardTimeoutMs);
      timers.add(timer);
      act = (action) => {
        clearTimeout(timer);
        timers.delete(timer);
        resolve(action);
      };
    });
  }

  /** One message of the terminal and the kiosk's answer to it, within T3. */
  async function tell(apdu: readonly number[], whenOut: () => void = () => {}): Promise<Answer> {
    let timer: NodeJS.Timeout | undefined;
    const answer = new Promise<Answer>((resolve) => {
      heardAnswer = resolve;
    });
    const acknowledged = await line.send(apdu);
    whenOut();
    if (acknowledged) timer = setTimeout(() => heardAnswer?.({ kind: 'none' }), t3Ms);
    else heardAnswer?.({ kind: 'none' });
    const given = await answer;
    clearTimeout(timer);
    heardAnswer = undefined;
    return given;
  }

  function status(entry: BookEntry): readonly number[] {
    return statusInformation(entry, { terminalId, maskedPan, cardName });
  }
}

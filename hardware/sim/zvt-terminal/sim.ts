import type { Result } from '../../../domain/result.ts';
import type { Transport } from '../../transport/transport.ts';
import { createScriptPlayer } from '../script/script.ts';
import type { Script, ScriptStep } from '../script/script.ts';
import { apduOf, dataOf, digitsOf } from './bytes.ts';
import { createBook } from './book.ts';
import type { BookEntry } from './book.ts';
import { createCommands, refusal } from './commands.ts';
import type { Registration } from './commands.ts';
import { displayOf } from './display.ts';
import type { TerminalDisplay, TerminalPhase } from './display.ts';
import { createSimLine } from './line.ts';
import type { LineFault } from './line.ts';
import { settleUnacknowledged } from './purchase.ts';
import type { Action, Answer, Till } from './purchase.ts';
import { encodeText, slipMessages } from './slips.ts';
import type { SlipKind, SlipText } from './slips.ts';
import { isLineFault, terminalVocabulary } from './vocabulary.ts';

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
  /** False: a terminal that deviates and does not say which transaction a reversal takes back (BMP 37). Nobody can tell it from a payment then. */
  readonly namesReversed?: boolean;
  /** How it takes 06 20: a terminal that deviates answers 84 83, or nothing at all. */
  readonly repeatReceipt?: 'answered' | 'refused' | 'unanswered';
  /** Frames on a serial line, or bare APDUs over TCP. */
  readonly framing?: 'serial' | 'tcp';
  /** Says its intermediate statuses in words too (TLV 24). */
  readonly tellsTexts?: boolean;
  /** Of its texts. */
  readonly charset?: 'cp437' | 'utf-8';
  /** Puts a TLV container behind each print line, as some do. */
  readonly tlvBehindPrintLine?: boolean;
  /** Sells only after 06 93, and says so when it is registered. */
  readonly wantsInitialisation?: boolean;
  /** For `unplug` and `plug` of a script: the cable is somebody else's. */
  readonly onCable?: (plugged: boolean) => void;
}

/** What it is to do, and when. As a value it takes orders for the next purchase, each used up by it. */
export interface SimScript {
  /** Replaces the script by this one (hardware/sim/script), in the words of `terminalVocabulary`. */
  (script: unknown): Result<void, string>;
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
  readonly script: SimScript;
  /** What of it has not happened yet. */
  scriptLeft(): Script;
  failNext(fault: LineFault, value?: number): void;
  close(): void;
}

const resultShownMs = 3_000;
const OK = apduOf(0x80, 0x00);
const fallSilentWhen = ['before_status', 'after_status', 'after_acknowledgement'] as const;

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
    namesReversed = true,
    repeatReceipt = 'answered',
    framing = 'serial',
    tellsTexts = false,
    charset = 'cp437',
    tlvBehindPrintLine = false,
    wantsInitialisation = false,
    onCable = () => {},
  } = options;

  const book = createBook(firstReceiptNumber);
  const listeners = new Set<() => void>();
  const player = createScriptPlayer(terminalVocabulary, performStep);
  const script: SimScript = (steps) => {
    line.countAnew();
    return player.load(steps);
  };
  const line = createSimLine({ framing, t1Ms, t2Ms, onApdu, moment: (name) => player.moment(name), perform: performStep });
  const timers = new Set<NodeJS.Timeout>();
  let phase: TerminalPhase = 'not_registered';
  let amountShown: number | undefined;
  let registration: Registration | undefined;
  let busy = false;
  let off = false;
  /** Counts reboots: what was begun in an earlier life goes no further. */
  let life = 0;
  let act: ((action: Action) => void) | undefined;
  let declineCode: number | undefined;
  let abortAsked = false;
  /** What 06 91 has set, beside the real time. */
  let clockOffsetMs = 0;
  let heardAnswer: ((answer: Answer) => void) | undefined;

  const till: Till = {
    book, currency, terminalId, maskedPan, cardName, processingMs, autoApproveAfterMs, resultShownMs,
    reversesUnacknowledged, reportsReversalAsTransaction, namesReversed, tellsTexts, charset,
    now: () => now() + clockOffsetMs,
    show,
    phase: () => phase,
    isBusy: () => busy,
    isSilent: () => line.isSilent(),
    hang,
    pause,
    nextAction,
    perform,
    forgetAction: () => (act = undefined),
    wasAbortAsked: () => abortAsked,
    takeDeclineCode() {
      const code = declineCode;
      declineCode = undefined;
      return code;
    },
    willDecline: () => declineCode !== undefined,
    takeFallSilent() {
      const when = script.approveAndFallSilent;
      delete script.approveAndFallSilent;
      return when;
    },
    moment,
    send: (apdu) => line.send(apdu),
    tell,
    print,
  };
  const commands = createCommands({
    till,
    takesRepeatReceipt: repeatReceipt,
    wantsInitialisation,
    registration: () => registration,
    register(next) {
      registration = next;
      if (!next) show('not_registered');
      else if (phase === 'not_registered') show('idle');
    },
    setClock: (time) => (clockOffsetMs = time - now()),
    reboot,
    working,
  });

  return {
    connect: (transport) => line.attach(transport),
    display: () => displayOf(line.isSilent() ? 'hung' : phase, amountShown, currency),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    tapCard,
    decline,
    cancel: () => perform('red_key'),
    setSilent,
    isSilent: () => line.isSilent(),
    reboot,
    book: () => book.entries(),
    script,
    scriptLeft: () => player.left(),
    failNext: (fault, value) => line.failNext(fault, value),
    close() {
      life += 1;
      player.stop();
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

  function tapCard(): boolean {
    return perform(declineCode === undefined ? 'card' : 'declined_card');
  }

  function decline(resultCode = 0x05): void {
    declineCode = resultCode;
    perform('declined_card');
  }

  function setSilent(silent: boolean): void {
    line.setSilent(silent);
    told();
  }

  function perform(action: Action): boolean {
    if (!act || line.isSilent() || off) return false;
    act(action);
    return true;
  }

  function moment(name: string): void {
    for (const step of player.moment(name)) performStep(step);
  }

  function performStep({ do: action, value }: ScriptStep): void {
    if (isLineFault(action)) return line.failNext(action, value);
    switch (action) {
      case 'silent':
        return setSilent(true);
      case 'speak':
        return setSilent(false);
      case 'reboot':
        return reboot();
      case 'tap_card':
        return void tapCard();
      case 'decline':
        // Declined with 00 would be an approval.
        return decline(value || undefined);
      case 'cancel':
        return void perform('red_key');
      case 'reverse':
        return takeBackLast();
      case 'approve_and_fall_silent':
        return void (script.approveAndFallSilent = fallSilentWhen[value ?? 2] ?? 'after_acknowledgement');
      case 'foreign_sale':
        return void book.begin({ amount: value ?? 100, currency, state: 'approved', resultCode: '00', time: now(), reason: 'of somebody else' });
      case 'end_of_day':
        return book.closeDay();
      case 'unplug':
        return onCable(false);
      case 'plug':
        return onCable(true);
    }
  }

  function takeBackLast(): void {
    const entry = book.entries().findLast(({ state }) => state === 'authorised' || state === 'approved');
    if (entry) book.change(entry.receiptNumber, { state: 'reversed', resultCode: '6c', reason: entry.state === 'approved' ? 'by itself, though it was final' : 'by itself' });
  }

  function reboot(): void {
    life += 1;
    registration = undefined;
    busy = false;
    act = undefined;
    heardAnswer?.({ kind: 'none' });
    line.setSilent(false);
    line.reset();
    for (const entry of book.entries()) if (entry.state === 'authorised') settleUnacknowledged(till, entry, 'reboot');
    off = rebootMs > 0;
    show(off ? 'off' : 'not_registered');
    if (!off) return moment('powered on');
    void pause(rebootMs).then(() => {
      off = false;
      show('not_registered');
      moment('powered on');
    });
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
    const name = `${digitsOf(apdu.slice(0, 1))} ${digitsOf(apdu.slice(1, 2))}`;
    if (name === '06 b0') return abortByKiosk();
    if (busy) return void (await line.send(refusal(0xa0)));
    const command = commands[name];
    return command ? command(data) : void (await line.send(refusal(0x83)));
  }

  async function abortByKiosk(): Promise<void> {
    if (busy && !act) return void (await line.send(refusal(0xa0)));
    await line.send(OK);
    abortAsked = act !== undefined;
    act?.('kiosk_abort');
  }

  async function working(work: (isStale: () => boolean) => Promise<void>): Promise<void> {
    busy = true;
    abortAsked = false;
    const mine = life;
    const isStale = () => life !== mine;
    try {
      await work(isStale);
    } finally {
      if (!isStale()) {
        busy = false;
        act = undefined;
      }
    }
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
    const mine = life;
    const acknowledged = await line.send(apdu);
    if (life !== mine) return { kind: 'none' };
    whenOut();
    if (acknowledged) timer = setTimeout(() => heardAnswer?.({ kind: 'none' }), t3Ms);
    else heardAnswer?.({ kind: 'none' });
    const given = await answer;
    clearTimeout(timer);
    if (life !== mine) return { kind: 'none' };
    heardAnswer = undefined;
    if (given.kind === 'answer') moment(`answered ${digitsOf(apdu.slice(0, 1))} ${digitsOf(apdu.slice(1, 2))}`);
    return given;
  }

  async function print(kind: SlipKind, text: SlipText): Promise<boolean> {
    const how = registration?.prints ?? 'no';
    if (how === 'no') return true;
    for (const message of slipMessages(kind, text, how, (words) => encodeText(words, charset), tlvBehindPrintLine)) {
      const answer = await tell(message);
      if (answer.kind === 'none' || answer.code !== 0x00) return false;
    }
    return true;
  }
}

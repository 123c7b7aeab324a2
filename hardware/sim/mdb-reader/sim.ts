import type { Result } from '../../../domain/result.ts';
import type { Transport } from '../../transport/transport.ts';
import { createScriptPlayer } from '../script/script.ts';
import type { ScriptStep } from '../script/script.ts';
import { createVendBook } from './book.ts';
import type { VendEntry } from './book.ts';
import { createReaderLine } from './line.ts';
import { mdbReaderVocabulary } from './vocabulary.ts';

export interface MdbReaderSimOptions {
  /** As the reader says it in its set-up: "1" and the ISO 4217 number. CNY unless told otherwise. */
  readonly currencyCode?: string;
  readonly decimals?: number;
  readonly scaleFactor?: number;
  /** False: a reader that wants the card first; the interface then runs in mode 1 whatever it was told. */
  readonly alwaysIdle?: boolean;
  readonly now?: () => number;
  /** From D,2 until the reader has been set up. */
  readonly setupMs?: number;
  readonly cardTimeoutMs?: number;
  /** How long the bank takes. */
  readonly processingMs?: number;
  readonly rebootMs?: number;
  /** A card taps itself so long after it was asked for. */
  readonly autoApproveAfterMs?: number;
  /** An approved vend that nobody ends is given up after this. */
  readonly holdMs?: number;
  /** What becomes of an approved vend that was given up, or reset: `kept` is MDB/ICP 4.2, 7.4.7. */
  readonly unended?: 'kept' | 'refunded';
  /** False: stays at RESULT,-1 until it is told D,REQ,-1. */
  readonly idleAfterDenial?: boolean;
  /** While the bank is asked, D,REQ,-1 does nothing: the result comes all the same. */
  readonly cancelWhileProcessing?: 'stops' | 'ignored';
  /** The cable gives it its power: pulled, it is off. Else it lives from the vending machine's bus. */
  readonly powerFromCable?: boolean;
  /** False: firmware that answers an error to D,STATUS. */
  readonly answersStatus?: boolean;
  /** The actions `unplug` (false) and `plug` (true) of a script. */
  readonly onCable?: (plugged: boolean) => void;
}

export type ReaderPhase = 'off' | 'no_master' | 'setting_up' | 'not_in_service' | 'welcome' | 'present_card' | 'please_wait' | 'take_goods' | 'declined' | 'hung';

export interface ReaderDisplay {
  readonly phase: ReaderPhase;
  /** While a card is asked for, "12.50". */
  readonly price?: string;
}

export interface MdbReaderSim {
  /** From here on it lives at this line. The line may be lost and come back. */
  connect(line: Transport): void;
  display(): ReaderDisplay;
  onChange(listener: () => void): () => void;
  /** False where no card is asked for. */
  tapCard(): boolean;
  /** The card that is asked for, or the next one, is declined. */
  decline(): void;
  /** The customer cancels at the reader. */
  walkAway(): boolean;
  setSilent(silent: boolean): void;
  isSilent(): boolean;
  /** Interface and reader start anew; a vend that is open is reset. */
  reboot(): void;
  book(): readonly VendEntry[];
  /** Replaces the script before; one sentence says what is wrong with it. */
  script(steps: unknown): Result<void, string>;
  /** Steps that have not been done yet. */
  scriptLeft(): readonly ScriptStep[];
  close(): void;
}

type State = 'no_master' | 'setting_up' | 'disabled' | 'idle' | 'vend' | 'processing' | 'approved' | 'denied';

const phases: Record<State, ReaderPhase> = {
  no_master: 'no_master', setting_up: 'setting_up', disabled: 'not_in_service', idle: 'welcome', vend: 'present_card',
  processing: 'please_wait', approved: 'take_goods', denied: 'declined',
};

/**
 * A Qibixx interface with a cashless reader on its bus, by the maker's pages and MDB/ICP: it speaks the lines, has a customer
 * and a book of its own. A vend is paid only with D,END (or, by 7.4.7, where the reader was reset in the middle).
 */
export function createMdbReaderSim(options: MdbReaderSimOptions = {}): MdbReaderSim {
  const {
    currencyCode = '1156', decimals = 2, scaleFactor = 1, alwaysIdle = true, now = Date.now, setupMs = 300, cardTimeoutMs = 60_000,
    processingMs = 800, rebootMs = 0, autoApproveAfterMs, holdMs = 60_000, unended = 'kept', idleAfterDenial = true,
    cancelWhileProcessing = 'stops', powerFromCable = false, answersStatus = true, onCable = () => {},
  } = options;
  const book = createVendBook();
  const listeners = new Set<() => void>();
  const player = createScriptPlayer(mdbReaderVocabulary, perform);
  const line = createReaderLine({ moment, onLine, onLost: () => powerFromCable && reboot() });
  const timers = new Set<NodeJS.Timeout>();
  let state: State = 'no_master';
  let off = false;
  let asked = { price: '', amount: 0, product: 0 };
  let declinesNext = false;

  return {
    connect: (transport) => line.attach(transport),
    display() {
      if (off) return { phase: 'off' };
      if (line.isSilent()) return { phase: 'hung' };
      return { phase: phases[state], ...(state === 'vend' || state === 'processing' ? { price: asked.price } : {}) };
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    tapCard,
    decline() {
      declinesNext = true;
      tapCard();
    },
    walkAway,
    setSilent(silent) {
      line.setSilent(silent);
      told();
    },
    isSilent: () => line.isSilent(),
    reboot,
    book: () => book.entries(),
    script: (steps) => player.load(steps),
    scriptLeft: () => player.left(),
    close() {
      player.stop();
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      line.close();
    },
  };

  /** Lines are spoiled where they pass; everything else is done here, at once. */
  function moment(name: string): readonly ScriptStep[] {
    const steps = player.moment(name);
    const ofLine = /^(received|sending) /.test(name);
    for (const step of steps) if (!ofLine || !lineActions.has(step.do)) perform(step);
    return steps;
  }

  function perform(step: ScriptStep): void {
    switch (step.do) {
      case 'silent':
      case 'speak':
        line.setSilent(step.do === 'silent');
        return told();
      case 'reboot':
        return reboot();
      case 'tap_card':
        return void tapCard();
      case 'decline':
        declinesNext = true;
        return void tapCard();
      case 'walk_away':
        return void walkAway();
      case 'unplug':
      case 'plug':
        return onCable(step.do === 'plug');
      default:
        line.spoilNext(step);
    }
  }

  function told(): void {
    for (const listener of listeners) listener();
  }

  function enter(next: State): void {
    state = next;
    told();
  }

  function after(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, ms);
    timers.add(timer);
  }

  /** The vend that was begun goes no further, whatever was still to come of it. */
  function forgetTimers(): void {
    for (const timer of timers) clearTimeout(timer);
    timers.clear();
  }

  function reboot(): void {
    forgetTimers();
    line.setSilent(false);
    line.reset();
    giveUp('reset');
    state = 'no_master';
    off = rebootMs > 0;
    if (off) {
      after(rebootMs, () => {
        off = false;
        told();
        moment('powered on');
      });
    }
    told();
    if (!off) moment('powered on');
  }

  function giveUp(reason: string): void {
    if (!book.settle(unended === 'kept' ? 'paid' : 'given_back', reason)) return;
    moment('vend given up');
  }

  function say(text: string, name = text.split(',').slice(0, 3).join(',')): void {
    line.put(text, name);
  }

  function error(): void {
    say('d,ERR,"-1"', 'd,ERR');
  }

  function idle(): void {
    enter('idle');
    say('d,STATUS,IDLE');
  }

  function statusText(): string {
    switch (state) {
      case 'no_master':
        return 'OFF';
      case 'setting_up':
        return 'RESET';
      case 'disabled':
        return `INIT,${alwaysIdle ? 1 : 0}`;
      case 'idle':
        return 'IDLE';
      case 'vend':
      case 'processing':
        return 'VEND';
      case 'approved':
        return `RESULT,1,${asked.price}`;
      case 'denied':
        return 'RESULT,-1';
    }
  }

  function onLine(text: string): void {
    if (off) return;
    switch (text) {
      case 'V':
        return say('v,4.0.2.0,0011aabbccdd', 'v');
      case 'D,0':
        forgetTimers();
        giveUp('reset');
        enter('no_master');
        return say('d,STATUS,OFF');
      case 'D,2':
        return startMaster();
      case 'D,STATUS': {
        if (!answersStatus) return error();
        const setup = state === 'no_master' || state === 'setting_up' ? '' : `,3,${currencyCode},${scaleFactor},${decimals},30,8,${alwaysIdle ? 2 : 1}`;
        return say(`d,STATUS,${statusText()},#${setup}`, 'd,STATUS,#');
      }
      case 'D,READER,1':
        return state === 'disabled' || state === 'idle' ? idle() : error();
      case 'D,READER,0':
        if (state !== 'disabled' && state !== 'idle') return error();
        enter('disabled');
        return say(`d,STATUS,${statusText()}`);
      case 'D,REQ,-1':
        return cancelRequest();
      case 'D,END,-1':
        return end('given_back', 'D,END,-1');
      default:
        if (/^D,END(,\d+)?$/.test(text)) return end('paid', 'D,END');
        if (text.startsWith('D,REQ,')) return request(text);
        if (/^F,SERIAL,\d+$/.test(text)) return say('f,ACK', 'f,ACK');
        return error();
    }
  }

  function startMaster(): void {
    if (state !== 'no_master') return say('D,ERR,"cashless master is on"', 'D,ERR');
    enter('setting_up');
    say('d,STATUS,RESET');
    after(setupMs, () => {
      enter('disabled');
      say(`d,STATUS,${statusText()}`);
    });
  }

  function request(text: string): void {
    const parts = /^D,REQ,(\d{1,7})(?:\.(\d{1,4}))?,(\d{1,5})$/.exec(text);
    if (state !== 'idle' || !alwaysIdle || !parts) return error();
    const [, whole = '', fraction = '', product = ''] = parts;
    if (fraction.length > decimals) return error();
    const amount = Number(whole + fraction.padEnd(decimals, '0'));
    if (amount === 0 || amount % scaleFactor !== 0) return error();
    const digits = String(amount).padStart(decimals + 1, '0');
    asked = { price: decimals ? `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}` : digits, amount, product: Number(product) };
    enter('vend');
    say('d,STATUS,VEND');
    after(cardTimeoutMs, () => state === 'vend' && deny('card timeout'));
    if (autoApproveAfterMs !== undefined) after(autoApproveAfterMs, tapCard);
    moment('card asked for');
  }

  function tapCard(): boolean {
    if (state !== 'vend' || off || line.isSilent()) return false;
    forgetTimers();
    enter('processing');
    after(processingMs, () => {
      if (declinesNext) {
        declinesNext = false;
        moment('card declined');
        if (state === 'processing') deny('declined');
      } else {
        approve();
      }
    });
    moment('card tapped');
    return true;
  }

  function walkAway(): boolean {
    if (state !== 'vend' || off || line.isSilent()) return false;
    deny('cancelled at the reader');
    return true;
  }

  function approve(): void {
    book.begin({ amount: asked.amount, product: asked.product, state: 'held', reason: 'approved', time: now() });
    enter('approved');
    after(holdMs, () => {
      if (state !== 'approved') return;
      giveUp('not ended in time');
      idle();
    });
    moment('card approved');
    if (state === 'approved') say(`d,STATUS,RESULT,1,${asked.price}`);
  }

  function deny(reason: string): void {
    forgetTimers();
    book.begin({ amount: asked.amount, product: asked.product, state: 'denied', reason, time: now() });
    enter('denied');
    say('d,STATUS,RESULT,-1');
    if (idleAfterDenial) idle();
  }

  function cancelRequest(): void {
    if (state === 'denied') return idle();
    if (state === 'processing' && cancelWhileProcessing === 'ignored') return;
    return state === 'vend' || state === 'processing' ? deny('D,REQ,-1') : error();
  }

  function end(as: 'paid' | 'given_back', reason: string): void {
    if (state !== 'approved' || !book.settle(as, reason)) return error();
    forgetTimers();
    idle();
    moment(as === 'paid' ? 'vend ended' : 'vend given back');
  }
}

const lineActions: ReadonlySet<string> = new Set(['drop', 'cut', 'garble', 'double', 'delay', 'noise']);

import { performance } from 'node:perf_hooks';
import { createRepeatFilter } from '../../../domain/scan/repeats.ts';
import type { ReaderEvent, RefusedReason } from '../../codec/scanner/reader.ts';
import type { Transport } from '../../transport/transport.ts';
import { createKeptLine } from '../../transport/kept-line.ts';
import type { Scanner, ScannerState } from './port.ts';
import type { ScannerProfile } from './profiles.ts';
import { protocolOf, readerOf } from './protocol.ts';
import { createTimers } from './timers.ts';

export interface ScannerDeps {
  readonly transport: Transport;
  readonly profile: ScannerProfile;
  readonly monotonicNow?: () => number;
  readonly reopenFirstMs?: number;
  readonly reopenMaxMs?: number;
}

/** A write of a few bytes that takes longer than this goes nowhere. */
const writeMs = 1000;
/** So many commands in a row without an answer, and the scanner is said not to answer. */
const patience = 3;
/** From then on it is asked again after this. */
const askAgainMs = 2000;
/** A trigger again at the very end of the scanner's own session could fall before its end. */
const marginMs = 100;

/** Answers to the scanner that wait to be written. */
const maxDebts = 4;

type Command = 'trigger' | 'stop' | 'heartbeat';

/**
 * A serial scanner that is lit only while somebody wants a code. It opens its line and opens it again after each loss; it
 * lights the scanner again when that goes dark by itself or has read a code; it asks for a sign of life where the protocol
 * has one. One command is on its way at a time, and of several that wait only the last counts.
 */
export function createScanner({ transport, profile, monotonicNow = () => performance.now(), reopenFirstMs = 250, reopenMaxMs = 3000 }: ScannerDeps): Scanner {
  const protocol = protocolOf(profile);
  const reader = readerOf(profile);
  const repeats = createRepeatFilter(profile.repeatMs);
  const timers = createTimers<'silence' | 'session' | 'answer' | 'heartbeat' | 'wake'>();
  const codeListeners = new Set<(text: string) => void>();
  const refusedListeners = new Set<(reason: RefusedReason) => void>();
  const stateListeners = new Set<(state: ScannerState) => void>();
  let state: ScannerState = { kind: 'starting' };
  let isClosed = false;
  let isWanted = false;
  /** Counts the openings of the line: what was begun in one of them is not gone on with in the next. 0 while it is down. */
  let line = 0;
  let lines = 0;
  let next: Command | undefined;
  let isSending = false;
  /** The last that it was told on this opening of the line was to light up. */
  let mayBeLit = false;
  /** The command that an answer is still owed to. */
  let asked: Command | undefined;
  let unanswered = 0;
  let wakeOver: (() => void) | undefined;
  let arrivals = 0;
  let debts = 0;
  let paying: Promise<unknown> = Promise.resolve();

  const kept = createKeptLine({
    transport, firstMs: reopenFirstMs, maxMs: reopenMaxMs, openMs: reopenMaxMs,
    onData: take,
    onOpened() {
      line = ++lines;
      unanswered = 0;
      become(present());
      // One that a process before us had lit goes dark.
      give(isWanted ? 'trigger' : 'stop');
    },
    onLost(detail) {
      line = 0;
      forget();
      become({ kind: 'unplugged', detail });
    },
  });

  return {
    state: () => state,
    onState: (listener) => subscribe(stateListeners, listener),
    onCode: (listener) => subscribe(codeListeners, listener),
    onRefused: (listener) => subscribe(refusedListeners, listener),
    want(wanted) {
      if (wanted === isWanted || isClosed) return;
      isWanted = wanted;
      timers.clear('session');
      if (!wanted) repeats.forget();
      give(wanted ? 'trigger' : 'stop');
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      const bye = line !== 0 && mayBeLit ? protocol?.stop : undefined;
      line = 0;
      forget();
      repeats.forget();
      if (bye) await transport.write(bye, writeMs);
      await kept.close();
      for (const listeners of [codeListeners, refusedListeners, stateListeners]) listeners.clear();
    },
  };

  function forget(): void {
    timers.clearAll();
    wakeOver?.();
    reader.reset();
    next = undefined;
    asked = undefined;
    mayBeLit = false;
  }

  function become(now: ScannerState): void {
    if (isClosed || JSON.stringify(now) === JSON.stringify(state)) return;
    state = now;
    for (const listener of [...stateListeners]) listener(now);
  }

  function give(command: Command): void {
    if (line === 0 || !protocol) return;
    // A sign of life never takes the place of what somebody wants.
    if (command !== 'heartbeat' || next === undefined) next = command;
    if (!isSending) void sendAll(protocol);
  }

  async function sendAll({ wake, ...commands }: NonNullable<typeof protocol>): Promise<void> {
    isSending = true;
    while (next !== undefined && line !== 0) {
      const mine = line;
      if (wake) {
        await transport.write(wake.bytes, writeMs);
        if (line === mine) await pause(wake.waitMs);
      }
      // A line that was lost meanwhile has set another command for when it is back.
      if (line !== mine) continue;
      const command = next;
      next = undefined;
      const bytes = commands[command];
      if (!bytes) continue;
      timers.clear('answer');
      asked = profile.answerMs === undefined ? undefined : command;
      if (command === 'trigger') mayBeLit = true;
      const written = await transport.write(bytes, writeMs);
      if (line !== mine) continue;
      if (written.ok) sent(command);
      else stuck(written.error.detail);
    }
    isSending = false;
  }

  function sent(command: Command): void {
    // The answer may have come before the write was said to be done.
    if (asked !== undefined && profile.answerMs !== undefined) timers.set('answer', profile.answerMs, answerMissing);
    if (profile.answerMs === undefined || state.kind !== 'no_answer') become(present());
    if (command !== 'heartbeat') mayBeLit = command === 'trigger';
    if (command === 'trigger') timers.set('session', profile.sessionMs + marginMs, triggerAgain);
    awaitHeartbeat();
  }

  /** The operating system takes no more bytes. The line may be lost for good without being told so. */
  function stuck(detail: string): void {
    asked = undefined;
    timers.clear('session');
    become({ kind: 'no_answer', detail });
    timers.set('answer', askAgainMs, () => give(isWanted ? 'trigger' : 'stop'));
  }

  function present(): ScannerState {
    // One that cannot be switched always is.
    return { kind: 'ready', lit: isWanted || protocol === undefined };
  }

  function triggerAgain(): void {
    if (isWanted) give('trigger');
  }

  function awaitHeartbeat(): void {
    if (profile.heartbeatMs !== undefined) timers.set('heartbeat', profile.heartbeatMs, () => give('heartbeat'));
  }

  function answerMissing(): void {
    const again = asked;
    asked = undefined;
    unanswered += 1;
    const isSilent = unanswered >= patience;
    if (isSilent) become({ kind: 'no_answer', detail: `no answer within ${profile.answerMs} ms, ${patience} times` });
    timers.clear('session');
    // What is wanted by now, which is not what was asked then.
    const command = again === 'heartbeat' && !isSilent ? 'heartbeat' : isWanted ? 'trigger' : 'stop';
    timers.set('answer', isSilent ? askAgainMs : 0, () => give(command));
  }

  function take(bytes: Uint8Array): void {
    if (line === 0) return;
    arrivals += 1;
    for (const event of reader.push(bytes)) handle(event);
    if (line === 0) return;
    awaitHeartbeat();
    awaitSilence();
  }

  function awaitSilence(): void {
    if (reader.isPending()) timers.set('silence', profile.silenceMs, () => quietSince(arrivals, line));
    else timers.clear('silence');
  }

  /** A busy process rings late, and what came meanwhile waits unread: it gets its turn before the silence is believed. */
  function quietSince(seen: number, mine: number): void {
    setImmediate(() => {
      if (seen !== arrivals || mine !== line) return;
      for (const event of reader.silence()) handle(event);
      if (line === mine) awaitSilence();
    });
  }

  function handle(event: ReaderEvent): void {
    if (line === 0) return;
    switch (event.kind) {
      case 'answer':
        return answered(event.taken);
      case 'owed':
        return pay(event.bytes);
      case 'refused':
        lightSoon();
        for (const listener of [...refusedListeners]) listener(event.reason);
        return;
      case 'code':
        return takeCode(event.text);
    }
  }

  /** Behind one another, so that two are never mixed on a slow line; on a line that takes nothing they do not pile up. */
  function pay(bytes: Uint8Array): void {
    if (debts >= maxDebts) return;
    debts += 1;
    paying = paying.then(() => transport.write(bytes, writeMs)).then(() => (debts -= 1));
  }

  function answered(taken: boolean): void {
    const command = asked;
    asked = undefined;
    timers.clear('answer');
    alive();
    // It was there, but did not understand: noise on the way, or busy.
    if (!taken && command && command !== 'heartbeat') timers.set('answer', askAgainMs, () => give(isWanted ? 'trigger' : 'stop'));
  }

  function alive(): void {
    unanswered = 0;
    if (state.kind === 'no_answer') become(present());
  }

  function takeCode(text: string): void {
    alive();
    lightSoon();
    if (repeats.isRepeat(text, monotonicNow())) return;
    for (const listener of [...codeListeners]) listener(text);
  }

  /** The scanner's session ended with what it has read, also where that did not arrive well. */
  function lightSoon(): void {
    if (isWanted && protocol) timers.set('session', profile.pauseMs, triggerAgain);
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      wakeOver = () => {
        wakeOver = undefined;
        resolve();
      };
      timers.set('wake', ms, wakeOver);
    });
  }
}

function subscribe<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

import type { CodedError } from '../../domain/contract/errors.ts';
import { describeError } from '../../domain/contract/errors.ts';
import type { LogLine } from '../../domain/contract/hq.ts';
import type { DiskState } from '../store/disk.ts';
import type { Log, LogFields } from './log.ts';
import { lineOf } from './log.ts';

export interface LogShipperDeps {
  /** Writes one `log.lines` event in a transaction of its own. May throw: then the lines wait, as many as there is room for. */
  readonly emit: (lines: readonly LogLine[], dropped: number) => void;
  /** Epoch milliseconds UTC. */
  readonly now: () => number;
  readonly timers: { setTimeout(act: () => void, ms: number): unknown; clearTimeout(timer: unknown): void };
  readonly disk: () => DiskState;
}

/**
 * Brings the log to HQ: warnings and errors by themselves, the rest of the last minutes when it is asked for. It never throws, never waits, and writes
 * only from a timer, since whoever logs may be in the middle of a transaction.
 */
export interface LogShipper {
  /** The same log; what is written to it is taken here, too. */
  tee(log: Log): Log;
  /** Everything that is still known since then goes, also what was only informative. Answers how many lines. */
  shipSince(at: number): number;
  /** For so long what is only informative goes by itself, too, in the same batches and within the same limits. Asked again it counts from then; 0 ends it. */
  followFor(minutes: number): void;
  /** Writes what waits, and takes no more. */
  stop(): void;
}

const flushMs = 3_000;
/** The store cannot be written: there are more important things that wait for it. */
const retryMs = 30_000;
const maxPending = 1_000;
const maxLinesPerEvent = 200;
/** An event's payload may have 200,000 characters. */
const maxCharactersPerEvent = 100_000;
const recentMs = 15 * 60_000;
const maxRecent = 2_000;
/** Whoever watches longer asks again. */
const maxFollowMinutes = 60;
const maxRecentCharacters = 1_000_000;
/**
 * What goes by itself lies in the store, beside the orders, for as long as HQ is away, and for weeks after: a fault that is said a thousand times a second (or a page that
 * is somebody else's) must not fill the disk until nothing is sold. The log on the disk (log-book.ts) has all of it, and a size that it keeps to.
 */
const maxCharactersAnHour = 500_000;
/** So much of it is for errors alone. */
const keptForErrors = 200_000;
const hourMs = 3_600_000;

export function createLogShipper({ emit, now, timers, disk }: LogShipperDeps): LogShipper {
  let pending: LogLine[] = [];
  let dropped = 0;
  let timer: unknown;
  let isPlanned = false;
  let isStopped = false;
  /** What was not sent by itself, oldest first. */
  let recent: { readonly line: LogLine; readonly characters: number }[] = [];
  let recentCharacters = 0;
  let followedUntil = 0;
  let hourSince = Number.NEGATIVE_INFINITY;
  let spent = 0;

  function take(level: LogLine['level'], message: string, code: string | undefined, fields: LogFields | undefined): void {
    if (isStopped) return;
    try {
      const { source, event, orderId, fields: rest, ...known } = lineOf(now(), level, message, { ...(code === undefined ? {} : { code }), ...fields });
      const line: LogLine = { ...known, fields: { source, ...(event === undefined ? {} : { event }), ...(orderId === undefined ? {} : { order: orderId }), ...rest } };
      if (level === 'info' && line.at >= followedUntil) remember(line);
      else enqueue(line);
    } catch {
      // A line that cannot even be read is no reason for anything to fail.
      dropped += 1;
    }
  }

  function remember(line: LogLine): void {
    const characters = JSON.stringify(line).length;
    recent.push({ line, characters });
    recentCharacters += characters;
    let old = 0;
    let room = recentCharacters;
    while (old < recent.length && (recent.length - old > maxRecent || room > maxRecentCharacters || recent[old]!.line.at < line.at - recentMs)) room -= recent[old++]!.characters;
    if (old > 0) recent = recent.slice(old);
    recentCharacters = room;
  }

  function enqueue(line: LogLine): void {
    const state = disk();
    if (state === 'full' || (state === 'low' && line.level !== 'error')) {
      dropped += 1;
      return;
    }
    if (!isAffordable(line)) {
      dropped += 1;
      return;
    }
    pending.push(line);
    if (pending.length > maxPending) {
      // What came first tells more about what went wrong than what came of it, but errors more than warnings, and those more than the rest.
      const weakest = pending.findLastIndex(({ level }) => level === 'info');
      const weaker = weakest < 0 ? pending.findLastIndex(({ level }) => level !== 'error') : weakest;
      pending.splice(weaker < 0 ? pending.length - 1 : weaker, 1);
      dropped += 1;
    }
    plan(flushMs);
  }

  /** What HQ follows it has asked for, for an hour at most. */
  function isAffordable(line: LogLine): boolean {
    if (line.at < followedUntil) return true;
    // A clock that was set back begins a new hour, too.
    if (!(line.at - hourSince < hourMs && line.at >= hourSince)) [hourSince, spent] = [line.at, 0];
    const characters = JSON.stringify(line).length;
    if (spent + characters > maxCharactersAnHour - (line.level === 'error' ? 0 : keptForErrors)) return false;
    spent += characters;
    return true;
  }

  function plan(ms: number): void {
    if (isPlanned || isStopped) return;
    isPlanned = true;
    timer = timers.setTimeout(flush, ms);
  }

  function flush(): void {
    isPlanned = false;
    if (pending.length === 0) return;
    if (disk() === 'full') {
      dropped += pending.length;
      pending = [];
      return;
    }
    const count = countForOneEvent(pending);
    const dropping = dropped;
    try {
      emit(pending.slice(0, count), dropping);
    } catch {
      plan(retryMs);
      return;
    }
    pending = pending.slice(count);
    dropped -= dropping;
    if (pending.length > 0) plan(flushMs);
  }

  return {
    tee: (log) => ({
      info(message, fields) {
        log.info(message, fields);
        take('info', message, undefined, fields);
      },
      warn(message, fields) {
        log.warn(message, fields);
        take('warn', message, undefined, fields);
      },
      error(error: CodedError, fields) {
        log.error(error, fields);
        take('error', describeError(error), error.code, fields);
      },
    }),
    shipSince(at) {
      const wanted = recent.filter(({ line }) => line.at >= at).map(({ line }) => line);
      recent = recent.filter(({ line }) => line.at < at);
      recentCharacters = recent.reduce((sum, { characters }) => sum + characters, 0);
      const room = Math.max(0, maxPending - pending.length);
      // The newest, where there is not room for all.
      pending = [...pending, ...wanted.slice(Math.max(0, wanted.length - room))].sort((left, right) => left.at - right.at);
      dropped += Math.max(0, wanted.length - room);
      if (pending.length > 0) plan(0);
      return Math.min(wanted.length, room);
    },
    followFor(minutes) {
      followedUntil = minutes > 0 ? now() + Math.min(minutes, maxFollowMinutes) * 60_000 : 0;
    },
    stop() {
      timers.clearTimeout(timer);
      flush();
      timers.clearTimeout(timer);
      isStopped = true;
    },
  };
}

function countForOneEvent(lines: readonly LogLine[]): number {
  let characters = 0;
  let count = 0;
  for (const line of lines.slice(0, maxLinesPerEvent)) {
    characters += JSON.stringify(line).length + 1;
    if (count > 0 && characters > maxCharactersPerEvent) break;
    count += 1;
  }
  return count;
}

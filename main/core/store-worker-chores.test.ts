import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CodedError } from '../../domain/contract/errors.ts';
import { codedError } from '../../domain/contract/errors.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import type { CheckpointOutcome } from '../store/checkpoints.ts';
import type { Verdict } from '../store/integrity.ts';
import type { Forgotten } from '../store/retention.ts';
import { createChores } from './store-worker-chores.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

let done: string[];
let quiet: boolean;
let startHour: number;
let startMs: number;
let copied: () => Result<unknown, CodedError>;
let verdict: Verdict;
let forgotten: Forgotten[];
let checkpointed: () => CheckpointOutcome;
let cutting: () => CheckpointOutcome;
let troubles: CodedError[];
let notes: string[];
let damages: string[];
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  done = [];
  quiet = true;
  startHour = 12;
  startMs = Date.now();
  copied = () => ok();
  verdict = { kind: 'well' };
  forgotten = [];
  checkpointed = () => ({ kind: 'nothing' });
  cutting = checkpointed;
  troubles = [];
  notes = [];
  damages = [];
});
afterEach(() => {
  stop();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const did = (what: string) => done.push(what);
const times = (what: string) => done.filter((entry) => entry === what).length;

function begin(copyAgeMs?: number) {
  const chores = createChores({
    monotonicMs: () => Date.now() - startMs,
    timers: { setTimeout, clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout) },
    isQuiet: () => quiet,
    hour: () => Math.floor(startHour + (Date.now() - startMs) / hourMs) % 24,
    checkpoint: () => {
      did('checkpoint');
      return checkpointed();
    },
    cutWal: () => {
      did('cut');
      return cutting();
    },
    copy: () => {
      did('copy');
      return copied();
    },
    check: () => {
      did('check');
      return verdict;
    },
    forget: () => {
      did('forget');
      return forgotten.shift() ?? { shredded: 0, pruned: 0, isMore: false };
    },
    copyAgeMs: () => copyAgeMs,
    onTrouble: (error) => troubles.push(error), onNote: (message) => notes.push(message), onDamage: (detail) => damages.push(detail),
  });
  stop = chores.stop;
  return chores;
}

describe('the hourly copy', () => {
  it('is made soon after a start without one, and then each hour', () => {
    begin();
    vi.advanceTimersByTime(3 * minuteMs);
    expect(times('copy')).toBe(1);
    vi.advanceTimersByTime(3 * hourMs);
    expect(times('copy')).toBe(4);
  });

  it('is not made again at each restart; an age that cannot be (a clock that jumped) counts as none', () => {
    begin(10 * minuteMs);
    vi.advanceTimersByTime(49 * minuteMs);
    expect(times('copy')).toBe(0);
    vi.advanceTimersByTime(2 * minuteMs);
    expect(times('copy')).toBe(1);
    stop();
    done = [];
    startMs = Date.now();
    begin(-5 * hourMs);
    vi.advanceTimersByTime(3 * minuteMs);
    expect(times('copy')).toBe(1);
  });

  it('waits for a quiet moment, but not for ever', () => {
    quiet = false;
    begin();
    vi.advanceTimersByTime(21 * minuteMs);
    expect(times('copy')).toBe(0);
    vi.advanceTimersByTime(2 * minuteMs);
    expect(times('copy')).toBe(1);
  });

  it('that fails is told once, tried again at its next time, and news again when it fails after it went well', () => {
    copied = () => err(codedError('STORE_COPY_FAILED', 'no room'));
    begin();
    vi.advanceTimersByTime(4 * hourMs);
    expect(troubles).toEqual([codedError('STORE_COPY_FAILED', 'no room')]);
    copied = () => ok();
    vi.advanceTimersByTime(hourMs);
    copied = () => err(codedError('STORE_COPY_FAILED', 'no room'));
    vi.advanceTimersByTime(hourMs);
    expect(troubles).toHaveLength(2);
  });
});

describe('the nightly check', () => {
  it('is made once in each night, when nobody is there', () => {
    begin();
    vi.advanceTimersByTime(13 * hourMs);
    expect(times('check')).toBe(0);
    vi.advanceTimersByTime(5 * hourMs);
    expect(times('check')).toBe(1);
    vi.advanceTimersByTime(72 * hourMs);
    expect(times('check')).toBe(4);
  });

  it('is made by day where the kiosk is switched off at night', () => {
    startHour = 6;
    begin();
    vi.advanceTimersByTime(15 * hourMs);
    expect(times('check')).toBe(0);
    vi.advanceTimersByTime(2 * hourMs);
    expect(times('check')).toBe(1);
  });

  it('is made by day where no night was quiet', () => {
    quiet = false;
    begin();
    vi.advanceTimersByTime(50 * hourMs);
    expect(times('check')).toBe(0);
    quiet = true;
    vi.advanceTimersByTime(minuteMs);
    expect(times('check')).toBe(1);
  });

  it('says where the store is broken', () => {
    const { run } = begin();
    verdict = { kind: 'page', detail: 'page 7' };
    expect(run('check')).toMatchObject({ ok: true });
    expect(damages).toEqual(['page 7']);
  });
});

describe('retention', () => {
  it('goes piece by piece, with a tick of everything else between two, and cuts the WAL at its end', () => {
    forgotten = [{ shredded: 200, pruned: 200, isMore: true }, { shredded: 200, pruned: 0, isMore: true }, { shredded: 5, pruned: 0, isMore: false }];
    begin(0);
    vi.advanceTimersByTime(5 * minuteMs + 2_000);
    expect(done.filter((entry) => entry === 'forget' || entry === 'cut').slice(0, 2)).toEqual(['forget', 'cut']);
    expect([times('forget'), done.at(-1) === 'forget' || done.lastIndexOf('cut') > done.lastIndexOf('forget')]).toEqual([3, true]);
    expect(done.indexOf('checkpoint', done.indexOf('forget'))).toBeLessThan(done.lastIndexOf('forget'));
  });

  it('cuts the WAL until it is cut, though somebody held it, and not once more', () => {
    cutting = () => ({ kind: 'held', walBytes: 1 });
    forgotten = [{ shredded: 1, pruned: 0, isMore: false }];
    begin(0);
    vi.advanceTimersByTime(6 * minuteMs);
    expect(times('cut')).toBeGreaterThan(10);
    cutting = () => ({ kind: 'cut', bytesBefore: 1 });
    vi.advanceTimersByTime(1_000);
    const cuts = times('cut');
    vi.advanceTimersByTime(10 * minuteMs);
    expect(times('cut')).toBe(cuts);
  });

  it('waits for a quiet moment, and goes on in pieces when somebody comes', () => {
    quiet = false;
    begin(0);
    vi.advanceTimersByTime(10 * minuteMs);
    expect(times('forget')).toBe(0);
    forgotten = [{ shredded: 200, pruned: 0, isMore: true }];
    quiet = true;
    vi.advanceTimersByTime(1_000);
    quiet = false;
    vi.advanceTimersByTime(1_000);
    expect(times('forget')).toBe(2);
  });
});

describe('what fails', () => {
  it('ends nothing: everything else goes on, and it is said once', () => {
    checkpointed = () => {
      throw new Error('the disk is full');
    };
    copied = checkpointed as never;
    begin();
    vi.advanceTimersByTime(2 * hourMs);
    expect(times('checkpoint')).toBeGreaterThan(7_000);
    expect(times('copy')).toBe(2);
    expect(troubles.map(({ code }) => code)).toEqual(['STORE_FAILED', 'STORE_FAILED']);
  });

  it('asked for by hand, is the answer', () => {
    const { run } = begin();
    copied = () => {
      throw new Error('broken');
    };
    expect(run('copy')).toMatchObject({ ok: false, error: { code: 'STORE_FAILED', detail: 'broken' } });
    copied = () => err(codedError('STORE_COPY_FAILED', 'no room'));
    expect(run('copy')).toMatchObject({ ok: false, error: { code: 'STORE_COPY_FAILED' } });
  });

  it('a log of the store that cannot be cut is said once, and again when it was cut meanwhile', () => {
    checkpointed = () => ({ kind: 'held', walBytes: 20_000_000 });
    begin(0);
    vi.advanceTimersByTime(10_000);
    expect(notes).toHaveLength(1);
    checkpointed = () => ({ kind: 'cut', bytesBefore: 20_000_000 });
    vi.advanceTimersByTime(1_000);
    checkpointed = () => ({ kind: 'held', walBytes: 20_000_000 });
    vi.advanceTimersByTime(5_000);
    expect(notes).toHaveLength(2);
  });
});

import { createHash } from 'node:crypto';
import { access, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lookUpInBook } from './number-book.ts';
import type { NumberQuestion, QueryAnswer, ReverseAnswer, ServiceAnswer, ServiceOrder, ServiceProvider, Unknown } from './provider.ts';

/** What the loopback carrier does with one order. */
export interface Behaviour {
  /** `answers`: says at once that it has it. `silent`: takes it, and never answers. `lost`: never hears of it, and never answers. `fails`: never hears of it, and the line breaks. */
  readonly submit: 'answers' | 'silent' | 'lost' | 'fails';
  readonly outcome: 'done' | 'refused' | 'never';
  /** From taking it to the outcome. */
  readonly afterMs: number;
  /** So long after taking it, queries and wishes to take it back get no answer. */
  readonly silentMs: number;
  /** Whether it takes back what has no outcome yet. */
  readonly reverse: 'takes back' | 'cannot';
}

export interface LoopbackCarrierDeps {
  /** Its books: a file for each order, so that several processes of HQ, and those that come after a crash, see one carrier. */
  readonly folder: string;
  readonly now: () => number;
  /** Goes before the rule by number; undefined leaves it to that. */
  readonly script?: (order: ServiceOrder) => Partial<Behaviour> | undefined;
  readonly creditAfterMs?: number;
}

/** By a number's last two digits. All others are credited after a short time. */
const rules: Readonly<Record<string, Partial<Behaviour>>> = {
  '01': { outcome: 'refused' },
  '02': { submit: 'silent', silentMs: 20_000 },
  '03': { outcome: 'done', afterMs: 60_000 },
  '04': { submit: 'silent', outcome: 'never', silentMs: Number.MAX_SAFE_INTEGER },
  '05': { submit: 'fails' },
  '06': { outcome: 'refused', afterMs: 15_000 },
  '07': { outcome: 'refused', afterMs: 0 },
  '08': { outcome: 'refused', afterMs: 0 },
  '10': { outcome: 'never' },
  '11': { outcome: 'never', reverse: 'cannot' },
};

const refusals: Readonly<Record<string, string>> = { '07': 'there is no such number', '08': 'this cannot be had for the number' };

interface Booked {
  readonly key: string;
  /** Taken back before it came: it is refused, should it come. */
  readonly isTombstone?: boolean;
  readonly service: string;
  readonly offerId: string;
  readonly quantity: number;
  readonly amount: ServiceOrder['amount'];
  /** Only its end: the book is a file on a disk. */
  readonly numberEnd: string;
  readonly takenAt: number;
  readonly behaviour: Behaviour;
}

/**
 * A carrier for development, demonstrations and tests: it credits nothing but its own books. By number or script it refuses, is slow, is silent or breaks off,
 * and an order under one key is in its books once however often, and by however many processes, it is submitted.
 */
export function createLoopbackCarrier({ folder, now, script, creditAfterMs = 2000 }: LoopbackCarrierDeps): ServiceProvider {
  const fileOf = (key: string) => join(folder, `${encodeURIComponent(key)}.json`);

  const find = async (key: string): Promise<Booked | undefined> => {
    const text = await readFile(fileOf(key), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    return text === undefined ? undefined : (JSON.parse(text) as Booked);
  };

  /** Whole or not at all, and the first one stays. */
  const book = async (booked: Booked): Promise<Booked> => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const draft = join(folder, `.${encodeURIComponent(booked.key)}.${process.pid}.${Math.random().toString(36).slice(2)}`);
    await writeFile(draft, JSON.stringify(booked), { mode: 0o600 });
    try {
      await link(draft, fileOf(booked.key));
      return booked;
    } catch (error) {
      const before = (error as NodeJS.ErrnoException).code === 'EEXIST' ? await find(booked.key) : undefined;
      if (!before) throw error;
      return before;
    } finally {
      await rm(draft, { force: true });
    }
  };

  /** A mark beside the booking, which stays as it was written. */
  const reversalOf = (key: string) => join(folder, `.reversed.${encodeURIComponent(key)}`);
  const isReversed = (key: string) => access(reversalOf(key)).then(() => true, () => false);

  const answerOf = async ({ key, numberEnd, takenAt, behaviour, isTombstone }: Booked): Promise<ServiceAnswer> => {
    const { outcome, afterMs } = behaviour;
    if (isTombstone || (await isReversed(key))) return { kind: 'refused', detail: 'it was taken back' };
    if (outcome === 'never' || now() < takenAt + afterMs) return { kind: 'pending' };
    if (outcome === 'refused') return { kind: 'refused', detail: refusals[numberEnd.slice(-2)] ?? 'the number is not in service' };
    return { kind: 'done', reference: `LB${createHash('sha256').update(key).digest('hex').slice(0, 12).toUpperCase()}` };
  };

  return {
    name: 'loopback carrier',
    submit: async (order, signal) => {
      const number = order.form['phone'] ?? '';
      const behaviour: Behaviour = { submit: 'answers', outcome: 'done', afterMs: creditAfterMs, silentMs: 0, reverse: 'takes back', ...rules[number.slice(-2)], ...script?.(order) };
      const before = await find(order.key);
      if (!before && behaviour.submit === 'lost') return silence(signal);
      if (!before && behaviour.submit === 'fails') throw new Error('the line to the carrier was cut off');
      const { service, offerId, quantity, amount, key } = order;
      const booked = before ?? (await book({ key, service, offerId, quantity, amount, numberEnd: number.slice(-4), takenAt: now(), behaviour }));
      if (booked.behaviour.submit === 'silent') return silence(signal);
      const answer = await answerOf(booked);
      return answer.kind === 'pending' ? { kind: 'accepted' } : answer;
    },
    query: async (key, signal): Promise<QueryAnswer> => {
      const booked = await find(key);
      if (!booked) return { kind: 'not_found' };
      return now() < booked.takenAt + booked.behaviour.silentMs ? silence(signal) : answerOf(booked);
    },
    reverse: async (key, signal): Promise<ReverseAnswer> => {
      const behaviour: Behaviour = { submit: 'answers', outcome: 'refused', afterMs: 0, silentMs: 0, reverse: 'takes back' };
      // Whoever is first has the key: an order that comes after this is refused, however late.
      const booked = await book({ key, service: '', offerId: '', quantity: 0, amount: { amount: 0, currency: 'CNY' }, numberEnd: '', takenAt: now(), behaviour, isTombstone: true });
      if (booked.isTombstone) return { kind: 'reversed' };
      if (now() < booked.takenAt + booked.behaviour.silentMs) return silence(signal);
      if (await isReversed(key)) return { kind: 'reversed' };
      const answer = await answerOf(booked);
      if (answer.kind === 'done' || answer.kind === 'refused') return answer;
      if (booked.behaviour.reverse === 'cannot') return { kind: 'cannot', detail: 'it is with the network already' };
      await writeFile(reversalOf(key), '', { mode: 0o600 });
      return { kind: 'reversed' };
    },
    lookUp: async (question: NumberQuestion, signal) => lookUpInBook(question, now()) ?? silence(signal),
  };
}

/** Nothing is said for as long as somebody listens. */
function silence(signal: AbortSignal): Promise<Unknown> {
  return new Promise((resolve) => {
    const give = () => resolve({ kind: 'unknown', detail: 'nobody waits any more' });
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true });
  });
}

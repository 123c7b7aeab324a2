import { createHash } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { QueryAnswer, ServiceAnswer, ServiceOrder, ServiceProvider } from './provider.ts';

/** What the loopback carrier does with one order. */
export interface Behaviour {
  /** `answers`: says at once that it has it. `silent`: takes it, and never answers. `lost`: never hears of it, and never answers. `fails`: never hears of it, and the line breaks. */
  readonly submit: 'answers' | 'silent' | 'lost' | 'fails';
  readonly outcome: 'done' | 'refused' | 'never';
  /** From taking it to the outcome. */
  readonly afterMs: number;
  /** So long after taking it, queries get no answer. */
  readonly silentMs: number;
}

export interface LoopbackCarrierDeps {
  /** Its books: a file for each order, so that several processes of HQ, and those that come after a crash, see one carrier. */
  readonly folder: string;
  readonly now: () => number;
  /** Goes before the rule by number; undefined leaves it to that. */
  readonly script?: (order: ServiceOrder) => Partial<Behaviour> | undefined;
  readonly creditAfterMs?: number;
}

/** A number as the carrier has it in its book. */
export interface BookedNumber {
  /** "*伟": the family name is not shown. */
  readonly owner: string;
  readonly planId: 'plan-19' | 'plan-59' | 'plan-129';
  /** Minor units (fen). */
  readonly balance: number;
}

/** By a number's last two digits. All others are credited after a short time. */
const rules: Readonly<Record<string, Partial<Behaviour>>> = {
  '01': { outcome: 'refused' },
  '02': { submit: 'silent', silentMs: 20_000 },
  '03': { outcome: 'done', afterMs: 60_000 },
  '04': { submit: 'silent', outcome: 'never', silentMs: Number.MAX_SAFE_INTEGER },
  '05': { submit: 'fails' },
  '06': { outcome: 'refused', afterMs: 15_000 },
};

interface Booked {
  readonly key: string;
  readonly service: string;
  readonly offerId: string;
  readonly quantity: number;
  readonly amount: ServiceOrder['amount'];
  /** Only its end: the book is a file on a disk. */
  readonly numberEnd: string;
  readonly takenAt: number;
  readonly behaviour: Behaviour;
}

/** The number book, made by rule: every number is in it, and the same number always says the same. */
export function numberInBook(number: string): BookedNumber {
  const [first = 0, second = 0, third = 0, fourth = 0] = createHash('sha256').update(number).digest();
  const names = ['伟', '芳', '娜', '敏', '静', '强', '磊', '洋', '艳', '勇', '杰', '娟'];
  return { owner: `*${names[first % names.length]}`, planId: (['plan-19', 'plan-59', 'plan-129'] as const)[second % 3] ?? 'plan-19', balance: (third * 256 + fourth) % 20_000 };
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

  const answerOf = ({ key, takenAt, behaviour }: Booked): ServiceAnswer => {
    const { outcome, afterMs } = behaviour;
    if (outcome === 'never' || now() < takenAt + afterMs) return { kind: 'pending' };
    if (outcome === 'refused') return { kind: 'refused', detail: 'the number is not in service' };
    return { kind: 'done', reference: `LB${createHash('sha256').update(key).digest('hex').slice(0, 12).toUpperCase()}` };
  };

  return {
    name: 'loopback carrier',
    submit: async (order, signal) => {
      const number = order.form['phone'] ?? '';
      const behaviour: Behaviour = { submit: 'answers', outcome: 'done', afterMs: creditAfterMs, silentMs: 0, ...rules[number.slice(-2)], ...script?.(order) };
      const before = await find(order.key);
      if (!before && behaviour.submit === 'lost') return silence(signal);
      if (!before && behaviour.submit === 'fails') throw new Error('the line to the carrier was cut off');
      const { service, offerId, quantity, amount, key } = order;
      const booked = before ?? (await book({ key, service, offerId, quantity, amount, numberEnd: number.slice(-4), takenAt: now(), behaviour }));
      if (booked.behaviour.submit === 'silent') return silence(signal);
      const answer = answerOf(booked);
      return answer.kind === 'pending' ? { kind: 'accepted' } : answer;
    },
    query: async (key, signal): Promise<QueryAnswer> => {
      const booked = await find(key);
      if (!booked) return { kind: 'not_found' };
      return now() < booked.takenAt + booked.behaviour.silentMs ? silence(signal) : answerOf(booked);
    },
  };
}

/** Nothing is said for as long as somebody listens. */
function silence(signal: AbortSignal): Promise<ServiceAnswer> {
  return new Promise((resolve) => {
    const give = () => resolve({ kind: 'unknown', detail: 'nobody waits any more' });
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true });
  });
}

import { z } from 'zod';
import type { Mode, TradeKey, Wallet } from './trade.ts';

/** What is asked of a gateway, whichever it is. `undo`: WeChat's reverse, Alipay's cancel. `notify`: what the gateway sends by itself. */
export const operations = ['show', 'charge', 'query', 'close', 'undo', 'refund', 'refund_query', 'bill', 'bill_file', 'certificates', 'notify'] as const;
export type Operation = (typeof operations)[number];

const ms = z.int().min(0).max(600_000);
const asks = z.int().min(0).max(1000);
const faultSchema = z.discriminatedUnion('kind', [
  /** It acts, and answers late; or (`last`) acts only when the time is over, gone caller or not. */
  z.strictObject({ kind: z.literal('slow'), ms, acts: z.enum(['first', 'last']).default('first') }),
  /** It acts, and the connection closes without an answer. */
  z.strictObject({ kind: z.literal('lost') }),
  /** The connection closes and nothing has happened. */
  z.strictObject({ kind: z.literal('cut') }),
  /** It acts, and the connection closes in the middle of the answer. */
  z.strictObject({ kind: z.literal('half') }),
  /** The gateway's edge answers, unsigned: 429, 500, 502, 503. */
  z.strictObject({ kind: z.literal('status'), status: z.int().min(400).max(599), acted: z.boolean().default(false) }),
  /** Another amount or state than was signed. */
  z.strictObject({ kind: z.literal('tampered') }),
  z.strictObject({ kind: z.literal('unsigned') }),
  z.strictObject({ kind: z.literal('foreign_key') }),
  /** Signed ten minutes ago. */
  z.strictObject({ kind: z.literal('stale') }),
  z.strictObject({ kind: z.literal('not_json') }),
  /** WeChat 500 SYSTEM_ERROR, Alipay 20000: whether it was done nobody says. */
  z.strictObject({ kind: z.literal('system_error'), acted: z.boolean().default(false) }),
  /** A business error with the gateway's own code. */
  z.strictObject({ kind: z.literal('refuse'), code: z.string().min(1).max(64) }),
  /** Of `charge`: the phone asks its customer. After `asks` queries the customer goes on by himself; without, a person must. */
  z.strictObject({ kind: z.literal('confirming'), asks: asks.optional(), does: z.enum(['pay', 'refuse', 'nothing']).default('pay') }),
  /** Of `refund`: it stays under way for so many queries. */
  z.strictObject({ kind: z.literal('refund_pending'), asks }),
  /** Of WeChat's `refund`: it ends as ABNORMAL, the money could not be given back. */
  z.strictObject({ kind: z.literal('refund_abnormal') }),
  /** Of `notify`. */
  z.strictObject({ kind: z.literal('never') }),
  z.strictObject({ kind: z.literal('twice') }),
  z.strictObject({ kind: z.literal('late'), ms }),
  /** It is sent, and answered, before a query can see the payment. */
  z.strictObject({ kind: z.literal('early') }),
]);
export type Fault = z.infer<typeof faultSchema>;

const wallet = z.enum(['wechat', 'alipay']).optional();
const tradeNo = z.string().min(1).max(64).optional();
const times = z.union([z.literal('always'), z.int().min(1).max(10_000)]).default(1);

/** For the next `times` matching calls, after `skip` of them. Every rule that matches a call applies to it, so two rules make a pair. */
export const ruleSchema = z.strictObject({ on: z.enum([...operations, '*']), wallet, tradeNo, skip: z.int().min(0).max(10_000).default(0), times, faults: z.array(faultSchema).min(1).max(8) });
export type RuleInput = z.input<typeof ruleSchema>;

/** What the customer does with the next payment by himself. `look`: the phone reads the code, and nothing more. */
export const personSchema = z.strictObject({
  wallet,
  tradeNo,
  mode: z.enum(['shown', 'read']).optional(),
  does: z.enum(['pay', 'refuse', 'look']),
  when: z.union([
    z.literal('at_once'),
    z.strictObject({ asks }),
    z.strictObject({ ms }),
    /** Just before or after the merchant ends it; `after` over the end, and only after so many more queries. */
    z.strictObject({ on: z.enum(['close', 'undo']), side: z.enum(['before', 'after']), asks: asks.default(0) }),
  ]),
  times,
});
export type PersonInput = z.input<typeof personSchema>;
export type Person = z.output<typeof personSchema>;

export interface Script {
  /** Answers the rule's id. @throws ZodError where it is no rule */
  add(rule: RuleInput): number;
  person(person: PersonInput): number;
  remove(id: number): boolean;
  clear(): void;
  rules(): readonly { readonly id: number; readonly left: number | 'always' }[];
  /** Which platform key signs for WeChat, whatever the caller asks for by Wechatpay-Serial; undefined: the one that it asks for, else the public key's. */
  signWith(key: PlatformKey | undefined): void;
}

export type PlatformKey = 'public_key' | 'certificate';

/** The gateways' own side of it. */
export interface ScriptReader {
  /** The faults of this call. Each asking uses a rule up by one. */
  take(on: Operation, wallet: Wallet, tradeNo?: string): readonly Fault[];
  /** What the customer will do with this new payment. */
  takePersons(key: TradeKey, mode: Mode): readonly Person[];
  readonly platformKey: () => PlatformKey | undefined;
}

interface Used<Value> {
  readonly id: number;
  readonly value: Value;
  skip: number;
  left: number | 'always';
}

export function createScript(): Script & ScriptReader {
  let nextId = 1;
  let platformKey: PlatformKey | undefined;
  let rules: Used<z.output<typeof ruleSchema>>[] = [];
  let persons: Used<Person>[] = [];

  function use<Value>(used: Used<Value>): boolean {
    if (used.skip > 0) {
      used.skip -= 1;
      return false;
    }
    if (used.left !== 'always') used.left -= 1;
    return true;
  }

  return {
    add(rule) {
      const value = ruleSchema.parse(rule);
      rules.push({ id: nextId, value, skip: value.skip, left: value.times });
      return nextId++;
    },
    person(person) {
      const value = personSchema.parse(person);
      persons.push({ id: nextId, value, skip: 0, left: value.times });
      return nextId++;
    },
    remove(id) {
      const count = rules.length + persons.length;
      rules = rules.filter((rule) => rule.id !== id);
      persons = persons.filter((person) => person.id !== id);
      return rules.length + persons.length < count;
    },
    clear() {
      rules = [];
      persons = [];
      platformKey = undefined;
    },
    rules: () => [...rules, ...persons].map(({ id, left, value }) => ({ id, left, ...value, times: value.times })),
    signWith: (key) => void (platformKey = key),
    platformKey: () => platformKey,
    take(on, wallet_, trade) {
      const faults = rules
        .filter(({ value }) => (value.on === on || (value.on === '*' && on !== 'notify')) && (value.wallet === undefined || value.wallet === wallet_) && (value.tradeNo === undefined || value.tradeNo === trade))
        .filter(use)
        .flatMap(({ value }) => value.faults);
      rules = rules.filter(({ left }) => left === 'always' || left > 0);
      return faults;
    },
    takePersons(key, mode) {
      const found = persons
        .filter(({ value }) => (value.wallet === undefined || value.wallet === key.wallet) && (value.tradeNo === undefined || value.tradeNo === key.tradeNo) && (value.mode === undefined || value.mode === mode))
        .filter(use)
        .map(({ value }) => value);
      persons = persons.filter(({ left }) => left === 'always' || left > 0);
      return found;
    },
  };
}

/** The first fault of a kind, with its own shape. */
export function faultOf<Kind extends Fault['kind']>(faults: readonly Fault[], kind: Kind): Extract<Fault, { kind: Kind }> | undefined {
  return faults.find((fault): fault is Extract<Fault, { kind: Kind }> => fault.kind === kind);
}

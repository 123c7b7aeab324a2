import type { RuleFacts } from '../../domain/rules/facts.ts';
import type { Model } from '../state/model.ts';

/** Reads a part of the model, and answers the same object while nothing in it has changed: a component is rendered anew only for news. */
export function createSelection<T>(getModel: () => Model, select: (model: Model) => T): () => T {
  let model: Model | undefined;
  let value: T | undefined;
  return () => {
    const current = getModel();
    if (model !== undefined && current === model) return value as T;
    const next = select(current);
    value = model !== undefined && isSame(value, next) ? value : next;
    model = current;
    return value as T;
  };
}

/** Equal by `Object.is`, or plain objects or arrays of which each entry is. */
function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (!isPlain(one) || !isPlain(other) || Array.isArray(one) !== Array.isArray(other)) return false;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => Object.hasOwn(other, key) && Object.is(one[key], other[key]));
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}

type FactsOf = (model: Pick<Model, 'shopfront' | 'status' | 'moment'>) => RuleFacts | undefined;

/** The facts of a model, made anew only when the shop, the kiosk's status or the minute has changed: ten thousand offers are asked by them. */
export function createFactsMemo(make: FactsOf): FactsOf {
  let made: { readonly from: Parameters<FactsOf>[0]; readonly facts: RuleFacts | undefined } | undefined;
  return ({ shopfront, status, moment }) => {
    if (!made || made.from.shopfront !== shopfront || made.from.status !== status || made.from.moment !== moment) {
      made = { from: { shopfront, status, moment }, facts: make({ shopfront, status, moment }) };
    }
    return made.facts;
  };
}

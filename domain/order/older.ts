import { z } from 'zod';
import { phoneField } from '../catalogue/form.ts';
import { currencySchema, includedTax, minorUnitsSchema, money } from '../money.ts';
import type { Currency } from '../money.ts';

/** What an order was before taxes were said in basis points and by line, and before an offer could ask for more than a phone number. */
const olderLineSchema = z.looseObject({ offerId: z.string(), fulfilment: z.looseObject({ kind: z.string() }), total: minorUnitsSchema, form: z.record(z.string(), z.string()) });
const olderOrderSchema = z.looseObject({
  total: z.looseObject({ currency: currencySchema }),
  lines: z.array(olderLineSchema).min(1),
  taxes: z.array(z.strictObject({ ratePerMille: z.int().min(0).max(500), gross: minorUnitsSchema, tax: minorUnitsSchema })).min(1),
});
type OlderLine = z.infer<typeof olderLineSchema>;
interface Rate {
  readonly basisPoints: number;
  readonly gross: number;
  readonly tax: number;
}

/**
 * An order as it was written before `order.placed` version 3, as one of now; anything else comes back as it is, for the schema to judge. What
 * was printed stays: amounts and taxes are those of then. A line's rate was not written: it is found by the sums of each rate, and the lines' taxes add
 * up to the rate's.
 */
export function orderFromOlder(json: unknown): unknown {
  const read = olderOrderSchema.safeParse(json);
  if (!read.success) return json;
  const { lines, taxes, total, ...rest } = read.data;
  const rates = taxes.map(({ ratePerMille, gross, tax }): Rate => ({ basisPoints: ratePerMille * 10, gross, tax }));
  const rateOf = ratesOfLines(lines, rates);
  const taxOf = taxesOfLines(lines, rates, rateOf, total.currency);
  return {
    ...rest,
    total,
    lines: lines.map((line, index) => ({
      ...line,
      tax: { basisPoints: rates[rateOf[index]!]!.basisPoints, included: true, amount: taxOf[index]! },
      fields: line.form['phone'] ? [{ id: phoneField.id, kind: phoneField.kind, label: phoneField.label }] : [],
    })),
    taxes: rates.map(({ basisPoints, gross, tax }) => ({ basisPoints, included: true, gross, tax })),
  };
}

const longestSearch = 20_000;

/**
 * Which rate each line had, by index: a way to fill every rate's sum with whole offers (one offer has one rate), the largest first, and each at first by
 * the rate that others of its kind have. Where none is found in time (dozens of different offers), each line has the first rate.
 */
function ratesOfLines(lines: readonly OlderLine[], rates: readonly Rate[]): readonly number[] {
  const offers = [...Map.groupBy(lines, ({ offerId }) => offerId)]
    .map(([id, ofOffer]) => ({ id, kind: ofOffer[0]!.fulfilment.kind, total: ofOffer.reduce((sum, { total }) => sum + total, 0) }))
    .sort((left, right) => right.total - left.total);
  const room = rates.map(({ gross }) => gross);
  const rateOf = new Map<string, number>();
  let steps = 0;
  const place = (at: number): boolean => {
    const offer = offers[at];
    if (!offer) return room.every((left) => left === 0);
    const ofKind = new Set(offers.slice(0, at).filter(({ kind }) => kind === offer.kind).map(({ id }) => rateOf.get(id)!));
    for (const rate of new Set([...ofKind, ...rates.keys()])) {
      if (room[rate]! < offer.total || ++steps > longestSearch) continue;
      room[rate]! -= offer.total;
      rateOf.set(offer.id, rate);
      if (place(at + 1)) return true;
      room[rate]! += offer.total;
    }
    return false;
  };
  const isFound = place(0);
  return lines.map(({ offerId }) => (isFound ? (rateOf.get(offerId) ?? 0) : 0));
}

/** Reckoned by line; where rounding by line makes another sum than the rate's tax, its largest lines take a minor unit more or less each. */
function taxesOfLines(lines: readonly OlderLine[], rates: readonly Rate[], rateOf: readonly number[], currency: Currency): readonly number[] {
  const amounts = lines.map(({ total }, index) => includedTax(money(total, currency), rates[rateOf[index]!]!.basisPoints).amount);
  for (const [rate, { gross, tax }] of rates.entries()) {
    const ofRate = lines.map((_, index) => index).filter((index) => rateOf[index] === rate).sort((left, right) => lines[right]!.total - lines[left]!.total);
    if (ofRate.reduce((sum, index) => sum + lines[index]!.total, 0) !== gross) continue;
    const rest = tax - ofRate.reduce((sum, index) => sum + amounts[index]!, 0);
    // Never below nothing: there is a line that was rounded up, to 1 at least, for each unit that is too many, and the largest come first.
    for (const index of ofRate.slice(0, Math.abs(rest))) amounts[index]! += Math.sign(rest);
  }
  return amounts;
}

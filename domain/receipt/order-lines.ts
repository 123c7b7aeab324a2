import type { Language } from '../language.ts';
import { formatMoney, money } from '../money.ts';
import type { Order, OrderLine } from '../order/order.ts';
import { formatReference, referenceOf } from '../order/reference.ts';
import { centered, feed, pair } from './lines.ts';
import { maskName, maskPhone } from './masked.ts';
import type { ReceiptLine } from './receipt.ts';
import { receiptWords } from './words.ts';

/**
 * One line of an order as on any till: name, number and what they cost by the list, and below it what was taken off. Choices stand without amounts, for
 * the unit price holds them already.
 */
export function linesOf(line: OrderLine, language: Language, currency: Order['total']['currency']): readonly ReceiptLine[] {
  const words = receiptWords[language];
  const amount = (minorUnits: number) => formatMoney(money(minorUnits, currency));
  const listed = line.unitPrice * line.quantity;
  return [
    pair(line.quantity === 1 ? line.name[language] : `${line.name[language]} ×${line.quantity}`, listed === 0 ? words.free : amount(listed)),
    ...(line.quantity > 1 && line.unitPrice !== 0 ? [pair(words.each(amount(line.unitPrice)), '', 2)] : []),
    ...chosenOf(line, language).map((choice) => pair(choice, '', 2)),
    ...(line.discount ? [pair(line.discount.name?.[language] ?? words.discount, amount(-line.discount.amount), 2)] : []),
    ...personLines(line, language),
  ];
}

/** A choice that was taken several times stands once, with how often. */
export function chosenOf({ choices }: OrderLine, language: Language): readonly string[] {
  const groups: { readonly id: string; readonly name: string; readonly count: number }[] = [];
  for (const { id, name } of choices) {
    const last = groups.at(-1);
    if (last?.id === id && last.name === name[language]) groups[groups.length - 1] = { ...last, count: last.count + 1 };
    else groups.push({ id, name: name[language], count: 1 });
  }
  return groups.map(({ name, count }) => (count === 1 ? name : `${name} ×${count}`));
}

/** For whom it is, so far that they recognise it; where they live is nobody's business who finds the paper. */
function personLines({ fields, form, fulfilment }: OrderLine, language: Language): readonly ReceiptLine[] {
  const masked = fields.flatMap(({ id, kind, label }) => {
    const value = form[id];
    if (!value || (kind !== 'name' && kind !== 'phone')) return [];
    return [{ label: label[language], text: kind === 'name' ? maskName(value) : maskPhone(value) }];
  });
  if (fulfilment.kind !== 'delivery') return masked.map(({ label, text }) => pair(label, text, 2));
  return masked.length === 0 ? [] : [pair(receiptWords[language].recipient, masked.map(({ text }) => text).join(' '), 2)];
}

/** The slip of an application: the number that it is found by, and what happens next. By line, for each has its own. */
export function applicationLines(order: Order): readonly ReceiptLine[] {
  const { language } = order;
  const words = receiptWords[language];
  return order.lines.flatMap(({ fulfilment, name }, index) => {
    if (fulfilment.kind !== 'telecom' || fulfilment.service !== 'application') return [];
    return [centered(words.reference(name[language])), centered(formatReference(referenceOf(order.id, index)), 'double'), centered(words.applicationNext), feed()];
  });
}

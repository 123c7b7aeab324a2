import type { OrderId } from '../ids.ts';

/** Digits and capitals without 0 and O, 1 and I: 32 signs, five bits each. */
const signs = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const bodyLength = 8;
const allBits = (1n << 40n) - 1n;
/** The golden ratio of 40 bits: the lines of one order get numbers that look nothing like each other. */
const spread = 0x9e3779b97fn;

/**
 * The number that an application is found by, at the counter and on the phone: eight signs and a check sign, "K7M29QXAC". It follows from the order
 * and the line alone, so that kiosk, slip and HQ say the same without asking each other. Its 40 bits are of the random part of the order's UUIDv7: two
 * applications among 10,000 share one by a chance of 1 in 20,000, so whoever looks one up checks the name or phone number as well.
 * @param lineIndex place of the line in the order, from 0
 */
export function referenceOf(orderId: OrderId, lineIndex: number): string {
  const random = BigInt(`0x${orderId.slice(-10)}`);
  const bits = (random ^ (BigInt(lineIndex) * spread)) & allBits;
  const body = Array.from({ length: bodyLength }, (_, index) => signs.charAt(Number((bits >> BigInt(5 * (bodyLength - 1 - index))) & 31n))).join('');
  return `${body}${checkSign(body)}`;
}

/** In groups of three, as people read it out: "K7M 29Q XAC". */
export function formatReference(reference: string): string {
  return reference.replace(/(.{3})(?=.)/g, '$1 ');
}

/** Whether it may be one of ours: what was misread or has two signs changed about is not. Spaces and small letters do no harm. */
export function isReference(typed: string): boolean {
  const reference = typed.replace(/[\s-]/g, '').toUpperCase();
  return reference.length === bodyLength + 1 && [...reference].every((sign) => signs.includes(sign)) && checkSign(reference.slice(0, bodyLength)) === reference.charAt(bodyLength);
}

/**
 * A Reed-Solomon check over the field of 32 elements (x⁵ + x² + 1): every single wrong sign shows, and every two that changed places, which a sum
 * by weights modulo 31 would not ("2" and "Z" were the same to it).
 */
function checkSign(body: string): string {
  return signs.charAt([...body].reduce((check, sign) => timesTwo(check ^ signs.indexOf(sign)), 0));
}

function timesTwo(value: number): number {
  const doubled = value << 1;
  return doubled & 32 ? doubled ^ 0b100101 : doubled;
}

export const wallets = ['wechat', 'alipay'] as const;
export type Wallet = (typeof wallets)[number];

/**
 * The code that a customer's wallet shows to be charged by: whoever has it within its minute can take money. So it is no
 * string: printed, logged or turned into JSON it is stars, and it cannot be sent to another process by mistake (a function
 * is not cloneable). Only whoever charges calls `reveal`.
 */
export interface PaymentCode {
  reveal(): string;
  toString(): string;
  toJSON(): string;
}

export const maskedPaymentCode = '******';

/** WeChat Pay: 18 digits from 10 to 15. Alipay: 16 to 24 digits from 25 to 30. */
const patterns: readonly (readonly [Wallet, RegExp])[] = [
  ['wechat', /^1[0-5]\d{16}$/],
  ['alipay', /^(2[5-9]|30)\d{14,22}$/],
];

export function readPaymentCode(text: string): { readonly wallet: Wallet; readonly code: PaymentCode } | undefined {
  const found = patterns.find(([, pattern]) => pattern.test(text));
  return found && { wallet: found[0], code: createPaymentCode(text) };
}

function createPaymentCode(text: string): PaymentCode {
  return { reveal: () => text, toString: () => maskedPaymentCode, toJSON: () => maskedPaymentCode };
}

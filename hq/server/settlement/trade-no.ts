import { idOfTradeNo } from '../wallets/rows.ts';

/** The form of the numbers that HQ gives (an attempt's id, UUIDv7, without its hyphens), as JavaScript and PostgreSQL read it alike. */
export const ourTradeNo = '^[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$';

const form = new RegExp(ourTradeNo);

/** The id behind a gateway's number; undefined where it is none of ours: then the line is another system's that uses the same merchant number. */
export function attemptIdOf(tradeNo: string): string | undefined {
  return form.test(tradeNo) ? idOfTradeNo(tradeNo) : undefined;
}

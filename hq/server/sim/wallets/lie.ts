const lies: readonly (readonly [string, string])[] = [
  ['"NOTPAY"', '"SUCCESS"'],
  ['"USERPAYING"', '"SUCCESS"'],
  ['"SUCCESS"', '"NOTPAY"'],
  ['"PROCESSING"', '"SUCCESS"'],
  ['"WAIT_BUYER_PAY"', '"TRADE_SUCCESS"'],
  ['"TRADE_SUCCESS"', '"WAIT_BUYER_PAY"'],
  ['"10003"', '"10000"'],
];

/** The body that somebody on the way would like to be believed: another state than was signed, or at least another body. */
export function lieAbout(body: string): string {
  const [from, to] = lies.find(([truth]) => body.includes(truth)) ?? [];
  return from !== undefined && to !== undefined ? body.replace(from, to) : `${body} `;
}

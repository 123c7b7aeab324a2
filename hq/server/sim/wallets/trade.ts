/** What both gateways keep of a payment. Amounts are fen, times epoch milliseconds UTC. */
export type Wallet = 'wechat' | 'alipay';
/** Who shows the code: the merchant's screen (Native, precreate), or the customer's phone (code pay, trade.pay). */
export type Mode = 'shown' | 'read';

/**
 * - `waiting`: nobody has paid. WeChat NOTPAY; Alipay WAIT_BUYER_PAY once a phone has read it, before that no trade at all.
 * - `confirming`: the phone asks its customer for the password. WeChat USERPAYING, Alipay WAIT_BUYER_PAY.
 * - `failed`: refused by the customer or for want of money. WeChat PAYERROR, Alipay TRADE_CLOSED.
 * - `revoked`: taken back by the merchant (reverse, cancel), the money too.
 */
export type TradeState = 'waiting' | 'confirming' | 'paid' | 'closed' | 'revoked' | 'failed';

export interface Refund {
  /** The merchant's number; empty where the gateway took it back by itself (reverse, cancel, paid after a cancel). */
  readonly refundNo: string;
  readonly refundId: string;
  readonly amountFen: number;
  readonly reason: string;
  readonly at: number;
  state: 'pending' | 'done' | 'abnormal';
  endedAt: number | undefined;
  readonly notifyUrl: string | undefined;
}

export interface Trade {
  readonly wallet: Wallet;
  readonly tradeNo: string;
  readonly mode: Mode;
  readonly amountFen: number;
  readonly title: string;
  readonly at: number;
  readonly expiresAt: number | undefined;
  readonly notifyUrl: string | undefined;
  readonly attach: string | undefined;
  readonly terminal: string | undefined;
  /** In the code that the merchant's screen shows. */
  readonly token: string;
  state: TradeState;
  /** When a phone first read it. Before that an Alipay trade does not exist. */
  readAt: number | undefined;
  transactionId: string | undefined;
  paidAt: number | undefined;
  endedAt: number | undefined;
  readonly refunds: Refund[];
}

export interface TradeKey {
  readonly wallet: Wallet;
  readonly tradeNo: string;
}

/** What has gone back, or is on its way back. */
export function refundedFen(trade: Trade): number {
  return trade.refunds.reduce((sum, { amountFen, state }) => (state === 'abnormal' ? sum : sum + amountFen), 0);
}

export function isPaid(trade: Trade): boolean {
  return trade.paidAt !== undefined;
}

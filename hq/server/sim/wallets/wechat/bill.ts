import { chinaTime } from '../time.ts';
import type { Refund, Trade } from '../trade.ts';
import type { Merchant } from './views.ts';

/** Docs "申请交易账单", bill_type ALL. */
const heads = ['交易时间', '公众账号ID', '商户号', '特约商户号', '设备号', '微信订单号', '商户订单号', '用户标识', '交易类型', '交易状态', '付款银行', '货币种类', '应结订单金额', '代金券金额', '微信退款单号', '商户退款单号', '退款金额', '充值券退款金额', '退款类型', '退款状态', '商品名称', '商户数据包', '手续费', '费率', '订单金额', '申请退款金额', '费率备注'];
const sumHeads = ['总交易单数', '应结订单总金额', '退款总金额', '充值券退款总金额', '手续费总金额', '订单总金额', '申请退款总金额'];

const yuan = (fen: number) => (fen / 100).toFixed(2);
/** 0.60 % of each payment, given back with a refund. */
const feeFen = (fen: number) => Math.round((fen * 60) / 10_000);

/** A day's bill as CSV: UTF-8 with its mark, a backtick before each value, a sum at the end. Undefined where nothing happened on that day. */
export function wechatBill(trades: readonly Trade[], { mchid, appid }: Merchant, day: string): string | undefined {
  const lines: { readonly at: number; readonly cells: readonly string[]; readonly paidFen: number; readonly backFen: number; readonly fee: number }[] = [];
  const isOn = (at: number | undefined): at is number => at !== undefined && chinaTime(at).day === day;
  for (const trade of trades) {
    if (trade.wallet !== 'wechat' || trade.paidAt === undefined) continue;
    if (isOn(trade.paidAt)) lines.push(lineOf(trade, trade.paidAt, undefined));
    for (const refund of trade.refunds) if (isOn(refund.endedAt) && refund.state === 'done') lines.push(lineOf(trade, refund.endedAt, refund));
  }
  if (lines.length === 0) return undefined;

  function lineOf(trade: Trade, at: number, refund: Refund | undefined) {
    const { amountFen } = trade;
    const backFen = refund?.amountFen ?? 0;
    const fee = refund ? -feeFen(backFen) : feeFen(amountFen);
    const isReversal = refund !== undefined && refund.refundNo === '';
    const cells = [
      `${chinaTime(at).day} ${chinaTime(at).time}`, appid, mchid, '0', trade.terminal ?? '', trade.transactionId ?? '', trade.tradeNo, 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
      trade.mode === 'shown' ? 'NATIVE' : 'MICROPAY', refund ? (isReversal ? 'REVOKED' : 'REFUND') : 'SUCCESS', 'OTHERS', 'CNY', refund ? '0.00' : yuan(amountFen), '0.00',
      refund?.refundId ?? '0', refund ? refund.refundNo : '0', yuan(backFen), '0.00', refund ? 'ORIGINAL' : '', refund ? 'SUCCESS' : '',
      // Commas and backticks of a title would break the columns.
      trade.title.replace(/[,`\r\n]/g, ' '), (trade.attach ?? '').replace(/[,`\r\n]/g, ' '), (fee / 100).toFixed(5), '0.60%', refund ? '0.00' : yuan(amountFen), yuan(backFen), '',
    ];
    return { at, cells, paidFen: refund ? 0 : amountFen, backFen, fee };
  }

  lines.sort((one, other) => one.at - other.at);
  const sum = (pick: (line: (typeof lines)[number]) => number) => lines.reduce((total, line) => total + pick(line), 0);
  const paid = sum(({ paidFen }) => paidFen);
  const back = sum(({ backFen }) => backFen);
  const row = (cells: readonly string[]) => cells.map((cell) => `\`${cell}`).join(',');
  const sums = [String(lines.length), yuan(paid), yuan(back), '0.00', (sum(({ fee }) => fee) / 100).toFixed(5), yuan(paid), yuan(back)];
  return `\uFEFF${[heads.join(','), ...lines.map(({ cells }) => row(cells)), sumHeads.join(','), row(sums)].join('\r\n')}\r\n`;
}

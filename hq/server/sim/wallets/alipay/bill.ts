import { chinaTime } from '../time.ts';
import type { Refund, Trade } from '../trade.ts';
import { createGbkEncoder } from './gbk.ts';
import { textOf, yuan } from './views.ts';
import { zip } from './zip.ts';

const heads = ['支付宝交易号', '商户订单号', '业务类型', '商品名称', '创建时间', '完成时间', '门店编号', '门店名称', '操作员', '终端号', '对方账户', '订单金额（元）', '商家实收（元）', '支付宝红包（元）', '集分宝（元）', '支付宝优惠（元）', '商家优惠（元）', '券核销金额（元）', '券名称', '商家红包消费金额（元）', '卡消费金额（元）', '退款批次号/请求号', '服务费（元）', '分润（元）', '备注'];
const sumHeads = ['门店编号', '门店名称', '交易订单总笔数', '退款订单总笔数', '订单金额（元）', '商家实收（元）', '支付宝优惠（元）', '商家优惠（元）', '卡消费金额（元）', '服务费（元）', '分润（元）', '实收净额（元）'];

/** 0.60 % of each payment, given back with a refund. */
const feeFen = (fen: number) => Math.round((fen * 60) / 10_000);

interface Line {
  readonly at: number;
  readonly trade: Trade;
  readonly refund: Refund | undefined;
}

/** A day's bill (bill_type trade): a ZIP with two CSV files in GBK, payments with a plus, refunds with a minus. Undefined where nothing happened on that day. */
export function alipayBill({ trades, sellerId, day, now }: { readonly trades: readonly Trade[]; readonly sellerId: string; readonly day: string; readonly now: number }): Buffer | undefined {
  const isOn = (at: number | undefined): at is number => at !== undefined && chinaTime(at).day === day;
  const lines: Line[] = trades.flatMap((trade) => {
    if (trade.wallet !== 'alipay') return [];
    const refunds = trade.refunds.flatMap((refund): Line[] => (isOn(refund.endedAt) && refund.state === 'done' ? [{ at: refund.endedAt, trade, refund }] : []));
    return isOn(trade.paidAt) ? [{ at: trade.paidAt, trade, refund: undefined }, ...refunds] : refunds;
  });
  if (lines.length === 0) return undefined;
  lines.sort((one, other) => one.at - other.at);

  const [first = '', ...rest] = day.split('-');
  const stamp = `${first}年${rest[0] ?? ''}月${rest[1] ?? ''}日`;
  const next = textOf(Date.parse(`${day}T00:00:00+08:00`) + 86_400_000).slice(0, 10).split('-');
  const opening = ['#支付宝业务明细查询', `#账号：[${sellerId}0156]`, `#起始日期：[${stamp} 00:00:00]   终止日期：[${next[0]}年${next[1]}月${next[2]}日 00:00:00]`];
  const payments = lines.filter(({ refund }) => refund === undefined);
  const refunds = lines.filter(({ refund }) => refund !== undefined);
  const paidFen = payments.reduce((sum, { trade }) => sum + trade.amountFen, 0);
  const backFen = refunds.reduce((sum, { refund }) => sum + (refund?.amountFen ?? 0), 0);
  const feesFen = lines.reduce((sum, { trade, refund }) => sum + (refund ? -feeFen(refund.amountFen) : feeFen(trade.amountFen)), 0);

  const detail = [
    ...opening,
    '#-----------------------------------------业务明细列表----------------------------------------',
    heads.join(','),
    ...lines.map(cellsOf),
    '#-----------------------------------------业务明细列表结束------------------------------------',
    `#交易合计：${payments.length}笔，商家实收共${yuan(paidFen)}元，商家优惠共0.00元`,
    `#退款合计：${refunds.length}笔，商家实收退款共${yuan(-backFen)}元，商家优惠退款共0.00元`,
    `#导出时间：[${textOf(now)}]`,
  ];
  const summary = [
    ...opening,
    '#-----------------------------------------业务汇总列表----------------------------------------',
    sumHeads.join(','),
    ['合计', '', payments.length, refunds.length, yuan(paidFen - backFen), yuan(paidFen - backFen), '0.00', '0.00', '0.00', yuan(-feesFen), '0.00', yuan(paidFen - backFen - feesFen)].join(','),
    '#-----------------------------------------业务汇总列表结束------------------------------------',
    `#导出时间：[${textOf(now)}]`,
  ];
  const gbk = createGbkEncoder();
  const name = `${sellerId}0156_${day.replaceAll('-', '')}_业务明细`;
  const text = (rows: readonly string[]) => gbk(`${rows.join('\r\n')}\r\n`);
  return zip([{ name: gbk(`${name}.csv`), content: text(detail) }, { name: gbk(`${name}(汇总).csv`), content: text(summary) }]);
}

/** Numbers and texts end in a tab, so that spreadsheets leave them alone. */
function cellsOf({ at, trade, refund }: Line): string {
  const fen = refund ? -refund.amountFen : trade.amountFen;
  const fee = refund ? feeFen(refund.amountFen) : -feeFen(trade.amountFen);
  const tab = (text: string) => `${text}\t`;
  // A comma of a title would break the columns.
  const title = trade.title.replace(/[,\r\n\t]/g, ' ');
  return [
    tab(trade.transactionId ?? ''), tab(trade.tradeNo), refund ? '退款' : '交易', title, textOf(trade.readAt ?? trade.at), textOf(at), tab(''), '', tab(''), tab(trade.terminal ?? ''), tab('*小明(159****5620)'),
    yuan(fen), yuan(fen), '0.00', '0.00', '0.00', '0.00', '0.00', '', '0.00', '0.00', tab(refund?.refundNo ?? ''), yuan(fee), '0.00', '',
  ].join(',');
}

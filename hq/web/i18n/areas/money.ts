import type { DifferenceKind, FindingKind } from '../../../contract/api/money.ts';

interface KindWords {
  readonly name: string;
  /** What whoever looks after it should do. */
  readonly advice: string;
}

/** Words of the books: the gateways' and terminals' against ours, and all of ours against each other. */
interface MoneyTexts {
  readonly title: string;
  readonly lead: string;
  readonly tabs: { readonly settlement: string; readonly differences: string; readonly books: string };
  readonly from: string;
  readonly to: string;
  readonly day: string;
  readonly tender: string;
  readonly tenders: Readonly<Record<'card' | 'wechat' | 'alipay', string>>;
  readonly theirs: string;
  readonly ours: string;
  readonly refunded: string;
  readonly fees: string;
  readonly state: string;
  readonly waiting: string;
  readonly agrees: string;
  readonly open: (count: number) => string;
  readonly noneTitle: string;
  readonly noneText: string;
  readonly wholeFile: string;
  readonly othersFile: string;
  /** Lines of other systems under the same merchant number: how many, and what they come to. */
  readonly others: string;
  readonly othersPaid: string;
  readonly othersRefunded: string;
  readonly lines: (count: number) => string;
  readonly gone: string;
  readonly differencesOpen: string;
  readonly differencesEnded: string;
  readonly view: string;
  readonly noDifferences: string;
  readonly noDifferencesText: string;
  readonly what: string;
  readonly order: string;
  readonly kiosk: string;
  readonly found: string;
  readonly tradeNo: string;
  readonly refundNo: string;
  readonly toDo: string;
  readonly note: string;
  readonly noteHint: string;
  readonly end: string;
  readonly ended: string;
  readonly endedBy: (name: string) => string;
  readonly endedItself: string;
  readonly kinds: Readonly<Record<DifferenceKind, KindWords>>;
  readonly booksLead: string;
  readonly never: string;
  readonly comparedAt: string;
  readonly since: string;
  readonly compareNow: string;
  readonly compared: string;
  readonly captured: string;
  readonly delivered: string;
  readonly openSum: string;
  readonly unexplained: string;
  readonly allWell: string;
  readonly findings: string;
  readonly findingKinds: Readonly<Record<FindingKind, KindWords>>;
}

const zh: MoneyTexts = {
  title: '对账', lead: '支付机构与刷卡终端的账，和我们的账逐笔核对。',
  tabs: { settlement: '按日', differences: '差异', books: '总账核对' },
  from: '从', to: '到', day: '日期', tender: '支付方式', tenders: { card: '银行卡', wechat: '微信支付', alipay: '支付宝' },
  theirs: '对方账', ours: '我方账', refunded: '已退款', fees: '手续费', state: '状态', waiting: '对方账单未到', agrees: '一致', open: (count) => `${count} 处差异`,
  noneTitle: '这段时间没有收款', noneText: '换一段日期看看。', wholeFile: '导出明细', othersFile: '导出这些明细', others: '其他系统', othersPaid: '收款', othersRefunded: '退款', lines: (count) => `${count} 笔`, gone: '账单已超过保存期',
  differencesOpen: '待处理', differencesEnded: '已了结', view: '显示', noDifferences: '没有差异', noDifferencesText: '所有已到的账单都与我们的账一致。',
  what: '差异', order: '订单', kiosk: '自助机', found: '发现于', tradeNo: '商户订单号', refundNo: '商户退款单号', toDo: '怎么办',
  note: '查明的情况', noteHint: '写下查到了什么、怎样处理的。', end: '了结', ended: '已了结', endedBy: (name) => `由 ${name} 了结`, endedItself: '后来自行一致',
  kinds: {
    payment_not_ours: { name: '对方有、我方没有的收款', advice: '单号是本系统的格式，总部却没有这笔收款（或没有第二笔）。按商户订单号在支付机构后台查看：总部可能从旧备份恢复过，或另有总部共用这个商户号；若是本系统的顾客，请退还。' },
    payment_not_taken: { name: '对方已收款、我方未收', advice: '系统会立即再查一次，并自动退款或入账。一小时后仍在，请在支付机构后台核对后退款。' },
    payment_amount: { name: '收款金额不同', advice: '先不要退款。核对订单与支付机构的明细，把差额退给顾客，或与支付机构交涉。' },
    payment_missing: { name: '我方已收、对方账单没有', advice: '先看前后一天的账单。都没有时，凭交易号向支付机构查询；商品已交付，款项可能没有入账。' },
    refund_not_ours: { name: '对方有、我方没有的退款', advice: '查是谁在支付机构后台退的款，在订单上记下来。' },
    refund_not_taken: { name: '对方已退、我方以为没退', advice: '不要再退第二次：钱已经退了。请店长在自助机的待办清单上选“查过了，钱早就退回了”或“已经用别的办法解决”，再在这里了结。' },
    refund_amount: { name: '退款金额不同', advice: '核对两边明细，把差额补退或与支付机构交涉。' },
    refund_missing: { name: '我方已退、对方账单没有', advice: '先看之后几天的账单。都没有时，向支付机构查询这笔退款。' },
    lines_not_ours: { name: '其他系统在同一商户号下的收退款', advice: '这些单号都不是本系统的格式，合为一条。若该商户号确由其他系统共用，写明是哪个系统后了结；若不应有，导出明细，按单号在支付机构后台查看是谁在使用。' },
  },
  booksLead: '每天核对：已收 = 已交付 + 已退款 + 待处理清单。', never: '还没有核对过。', comparedAt: '核对于', since: '包括此后开始的支付', compareNow: '现在核对', compared: '已核对。',
  captured: '已收', delivered: '已交付', openSum: '待处理', unexplained: '无法解释', allWell: '分文不差，没有遗留。', findings: '需要查看',
  findingKinds: {
    captured_unexplained: { name: '收了款，但订单没有着落', advice: '打开订单。未交付就退款；已交付就在自助机的待办清单上了结。' },
    paid_twice: { name: '同一订单付了两次', advice: '退还其中一次。' },
    refunded_too_much: { name: '退款多于收款', advice: '先停止对该订单的退款，与支付机构核对每一笔。' },
    attempt_without_end: { name: '超过一天没有结果的支付', advice: '让自助机联网；仍无结果时，在支付机构或终端的账里查，再在待办清单上了结。' },
    kiosk_unaware: { name: '自助机不知道的收款', advice: '让自助机联网，它会自己问到。机器已不在时，请退款。' },
    hq_unaware: { name: '总部账上没有的收款', advice: '总部可能从旧备份恢复过。在支付机构后台按交易号核对。' },
    payment_differs: { name: '自助机与总部记的收款金额不同', advice: '不要退款，也不要再收。在支付机构后台按交易号查实收金额，再看是哪一边从旧备份恢复过，并在订单上记下来。' },
    refund_differs: { name: '自助机与总部记的退款不同', advice: '不要再退第二次。在支付机构后台查这笔退款：没有退到的由店长在自助机上处理，多退的与支付机构交涉。' },
    service_without_end: { name: '超过一天没有办结的业务', advice: '向运营商查询，再在待办清单上了结或退款。' },
  },
};

const en: MoneyTexts = {
  title: 'Books', lead: "The gateways' and card terminals' books against ours, line by line.",
  tabs: { settlement: 'By day', differences: 'Differences', books: 'All books' },
  from: 'From', to: 'To', day: 'Day', tender: 'Paid by', tenders: { card: 'Card', wechat: 'WeChat Pay', alipay: 'Alipay' },
  theirs: 'Theirs', ours: 'Ours', refunded: 'Refunded', fees: 'Fees', state: 'State', waiting: 'Their book is not here yet', agrees: 'Agrees', open: (count) => (count === 1 ? '1 difference' : `${count} differences`),
  noneTitle: 'Nothing was paid in these days', noneText: 'Choose other days.', wholeFile: 'Export the lines', othersFile: 'Export these lines', others: 'Of other systems', othersPaid: 'Payments', othersRefunded: 'Refunds', lines: (count) => (count === 1 ? '1 line' : `${count} lines`), gone: 'Their book is not kept any more',
  differencesOpen: 'Open', differencesEnded: 'Ended', view: 'Show', noDifferences: 'No differences', noDifferencesText: 'All books that have come agree with ours.',
  what: 'Difference', order: 'Order', kiosk: 'Kiosk', found: 'Found', tradeNo: 'Our trade number', refundNo: 'Our refund number', toDo: 'What to do',
  note: 'What was found', noteHint: 'What you found out, and what was done about it.', end: 'End it', ended: 'Ended', endedBy: (name) => `Ended by ${name}`, endedItself: 'Went away by itself',
  kinds: {
    payment_not_ours: { name: 'A payment that we do not know', advice: 'Its number has our form, and HQ has no such payment, or no second one. Look it up in the gateway’s merchant console: HQ may have been put back from an older copy, or another HQ uses the same merchant number. If it is a customer of ours, give it back.' },
    payment_not_taken: { name: 'Paid there, not here', advice: 'HQ asks again at once, and takes it or gives it back by itself. If it still stands after an hour, check it in the gateway’s console and give it back there.' },
    payment_amount: { name: 'Another amount was paid', advice: 'Do not refund yet. Compare the order with the gateway’s details; give the distance back, or take it up with the gateway.' },
    payment_missing: { name: 'Paid here, not in their book', advice: 'Look at the day before and after. If it is in neither, ask the gateway by the transaction’s number: the goods are gone, and the money may not have come.' },
    refund_not_ours: { name: 'A refund that we do not know', advice: 'Find out who gave it in the gateway’s console, and note it with the order.' },
    refund_not_taken: { name: 'Refunded there, not here', advice: 'Do not give it back again: it has gone. Have the kiosk’s manager decide “Checked: it was back already” or “Settled in another way” on its list, then end it here.' },
    refund_amount: { name: 'Another amount was refunded', advice: 'Compare both; give the rest, or take it up with the gateway.' },
    refund_missing: { name: 'Refunded here, not in their book', advice: 'Look at the days after. If it is in none, ask the gateway about this refund.' },
    lines_not_ours: { name: 'Lines of other systems', advice: 'None of these numbers has our form; all of the day are one difference. If another system is meant to use this merchant number, say which and end it. If not, export them and look their numbers up in the gateway’s merchant console to find out who does.' },
  },
  booksLead: 'Once a day: captured = delivered + refunded + what is on a list.', never: 'They have not been compared yet.', comparedAt: 'Compared', since: 'With what was begun since', compareNow: 'Compare now', compared: 'Compared.',
  captured: 'Captured', delivered: 'Delivered', openSum: 'On a list', unexplained: 'Unexplained', allWell: 'They agree to the cent, and nothing is left over.', findings: 'To look into',
  findingKinds: {
    captured_unexplained: { name: 'Money taken, and its order is nowhere', advice: 'Open the order. Give it back if nothing was handed over; if it was, settle it on the kiosk’s list.' },
    paid_twice: { name: 'One order paid twice', advice: 'Give one of the two back.' },
    refunded_too_much: { name: 'More refunded than paid', advice: 'Stop refunds of this order, and compare each with the gateway.' },
    attempt_without_end: { name: 'A payment without an end for over a day', advice: 'Bring the kiosk online. If that does not end it, look it up in the gateway’s or terminal’s book and settle it on the list.' },
    kiosk_unaware: { name: 'Paid, and the kiosk does not know', advice: 'Bring the kiosk online, and it asks by itself. If the kiosk is gone, give it back.' },
    hq_unaware: { name: 'Paid, and HQ’s own book does not have it', advice: 'HQ may have been put back from an older copy. Check the transaction in the gateway’s console.' },
    payment_differs: { name: 'Kiosk and HQ have other amounts of a payment', advice: 'Refund nothing and charge nothing. Look up in the gateway’s console what was paid, find out which of the two was put back from an older copy, and note it with the order.' },
    refund_differs: { name: 'Kiosk and HQ differ about a refund', advice: 'Do not give it back again. Look the refund up in the gateway’s console: what did not go back is given by the manager at the kiosk; what went back too much is taken up with the gateway.' },
    service_without_end: { name: 'A service without an end for over a day', advice: 'Ask the carrier, then settle it on the list or give the money back.' },
  },
};

export const moneyTexts = { zh, en };

import type { Tender, WalletMode } from '../../../../domain/payment/tender.ts';
import type { Moment, Refund } from '../../../contract/api/orders.ts';
import type { PartRefund } from '../../../contract/console.ts';

interface OrdersTexts {
  readonly search: string;
  readonly searchHint: string;
  readonly moreFilters: (set: number) => string;
  readonly exportCsv: string;
  readonly from: string;
  readonly to: string;
  readonly min: string;
  readonly max: string;
  readonly noAmount: string;
  readonly anyPayment: string;
  readonly group: string;
  readonly anyGroup: string;
  readonly life: string;
  readonly lifeKind: Readonly<Record<Moment['kind'], string>>;
  readonly acknowledged: (time: string) => string;
  readonly reasons: Readonly<Record<string, string>>;
  readonly refund: string;
  readonly refundAsk: string;
  readonly refundTitle: (amount: string) => string;
  readonly refundText: string;
  readonly refundTextWallet: string;
  readonly refundTextGone: (wallet: string) => string;
  readonly refundReasonHintGone: string;
  readonly refundGivenByHq: string;
  readonly refundStateByHq: Partial<Readonly<Record<Refund['state'], string>>>;
  readonly whyAskedOfGateway: string;
  readonly answerOfGateway: string;
  readonly refundAmount: string;
  readonly refundAmountHint: (most: string) => string;
  readonly refundAmountWrong: (most: string) => string;
  readonly refundPartOf: (amount: string) => string;
  readonly refundReason: string;
  readonly refundReasonHint: string;
  readonly refundTooShort: string;
  readonly refundGive: (amount: string) => string;
  readonly refundGiven: string;
  readonly refundBefore: (who: string) => string;
  readonly keep: string;
  readonly tender: string;
  readonly tenders: Readonly<Record<Tender, string>>;
  readonly modes: Readonly<Record<WalletMode, string>>;
  readonly transaction: string;
  readonly paidAt: string;
  readonly parts: string;
  readonly partState: Readonly<Record<PartRefund['state'], string>>;
  readonly partBy: string;
  readonly partWay: Readonly<Record<PartRefund['way'], string>>;
  readonly byItself: string;
  readonly why: Readonly<Record<'unpaid' | 'free' | 'refunded' | 'asked' | 'unclear' | 'card_gone', string>>;
  readonly refundState: Readonly<Record<Refund['state'], string>>;
  readonly askedBy: string;
  readonly reason: string;
  readonly delivered: string;
  readonly notDelivered: string;
  readonly until: string;
  readonly answer: string;
  readonly feedbackStars: string;
  readonly anyStars: string;
  readonly withWords: string;
  readonly stars: (stars: number) => string;
}

const zh: OrdersTexts = {
  search: '搜索订单', searchHint: '取货号、手机尾号、订单号', moreFilters: (set) => (set > 0 ? `更多条件（${set}）` : '更多条件'), exportCsv: '导出 CSV',
  from: '从', to: '到', min: '金额不低于', max: '金额不高于', noAmount: '请输入金额，例如 12.50', anyPayment: '全部付款状态', group: '分组', anyGroup: '全部分组',
  life: '订单经过',
  lifeKind: {
    placed: '下单', state: '订单状态', payment: '付款', wallet: '总部与钱包', refund: '部分退款', job: '打印与服务', stock: '库存', service: '服务办理', attention: '需要人工处理', settled: '人工处理结果', staff: '现场人员', command: '总部指令', answered: '自助机答复', feedback: '顾客评价', event: '其他',
  },
  acknowledged: (time) => `总部收到于 ${time}`,
  reasons: { delivered: '已送达', refund: '退款', service_result: '服务办理结果', reserved: '预占', released: '释放', done: '完成', failed: '失败', refused: '拒绝', expired: '已过期', begun: '开始', asked: '已提交', queued: '排队中', doing: '进行中', uncertain: '不确定', lapsed: '作废', pending: '办理中', result: '办理结果', top_up: '话费充值', data_pack: '流量包', plan_change: '套餐变更', application: '业务申请', unwanted: '自助机不再需要', paid: '已支付', declined: '被拒绝', closed: '已关闭', held: '等待人工处理', late: '结束后才支付', refund_asked: '要求退款', refund_done: '已退款', refund_refused: '退款被拒绝', refund_by_hq: '总部直接退款', wechat: '微信支付', alipay: '支付宝', shown: '顾客扫屏幕上的码', read: '顾客出示付款码', tender: '原路退回', by_hand: '人工退还', hq: '总部自动', kiosk: '自助机', code_unusable: '付款码不可用', not_enough: '余额不足', limit: '超出限额', too_late: '超时' },
  refund: '退款', refundAsk: '退款…', refundTitle: (amount) => `退还 ${amount}？`, refundText: '整笔金额按原路退回。由收款的自助机在刷卡终端上执行，只执行一次；24 小时内没有执行则自动作废。', refundTextWallet: '金额通过总部退回顾客的钱包，只执行一次；自助机 24 小时内没有收到指令则自动作废。',
  refundTextGone: (wallet) => `收款的自助机已经停用（身份已吊销），不会再执行指令。总部自己把钱退回顾客的${wallet}，只执行一次。`, refundReasonHintGone: '会写入审计记录；只退一部分时，顾客也可能看到。', refundGivenByHq: '总部正在退款', refundStateByHq: { waiting: '总部正在退回', refused: '支付平台拒绝了' }, whyAskedOfGateway: '总部正在退款，结果还没有回来。', answerOfGateway: '支付平台答复', refundAmount: '退款金额', refundAmountHint: (most) => `最多 ${most}。不填写则全部退还。`, refundAmountWrong: (most) => `请输入不超过 ${most} 的金额，例如 12.50`, refundPartOf: (amount) => `部分退款 ${amount}`,
  refundReason: '退款原因', refundReasonHint: '会写入审计记录，并显示在自助机的退款单上。', refundTooShort: '请至少写三个字。', refundGive: (amount) => `退还 ${amount}`, refundGiven: '退款指令已发出', refundBefore: (who) => `${who} 已经申请过退款，以第一次为准`, keep: '不退款', tender: '支付方式', tenders: { card: '银行卡', wechat: '微信支付', alipay: '支付宝' }, modes: { shown: '顾客扫屏幕上的码', read: '顾客出示付款码' }, transaction: '钱包交易号', paidAt: '支付时间', parts: '部分退款', partState: { asked: '退款中', done: '已退回', refused: '被拒绝' }, partBy: '退款方式', partWay: { tender: '原路退回', by_hand: '人工退还' }, byItself: '自助机自动',
  why: { unpaid: '这笔订单没有付款，无需退款。', free: '这笔订单是免费的。', refunded: '已经退款。', asked: '退款指令已经发出。', unclear: '付款结果还不明确，请先核实。', card_gone: '这笔是刷卡支付，收款的自助机已经停用，总部退不了：请联系刷卡终端的服务商退款。' },
  refundState: { waiting: '等待自助机执行', expired: '已过期，未执行', cancelled: '已取消', done: '已退款', failed: '没有成功', refused: '自助机拒绝执行' },
  askedBy: '申请人', reason: '原因', delivered: '送达自助机', notDelivered: '还没有送达', until: '有效期至', answer: '自助机答复',
  feedbackStars: '星级', anyStars: '全部星级', withWords: '只看有文字的', stars: (stars) => `${stars} 星`,
};

const en: OrdersTexts = {
  search: 'Search orders', searchHint: 'Number, phone’s last 4, order id', moreFilters: (set) => (set > 0 ? `More filters (${set})` : 'More filters'), exportCsv: 'Export CSV',
  from: 'From', to: 'To', min: 'Total at least', max: 'Total at most', noAmount: 'Write an amount: 12.50', anyPayment: 'Any payment', group: 'Group', anyGroup: 'Any group',
  life: 'Its whole life',
  lifeKind: {
    placed: 'Order', state: 'State', payment: 'Payment', wallet: 'Wallet at HQ', refund: 'Part refund', job: 'Work', stock: 'Stock', service: 'Service', attention: 'Needs a person', settled: 'Decided', staff: 'Staff', command: 'Told by HQ', answered: 'Kiosk answered', feedback: 'Feedback', event: 'Event',
  },
  acknowledged: (time) => `HQ got it at ${time}`,
  reasons: { delivered: 'delivered', service_result: 'result of a service', top_up: 'top-up', data_pack: 'data pack', plan_change: 'plan change', unwanted: 'not wanted any more', held: 'waits for a person', late: 'paid after its end', refund_asked: 'refund asked for', refund_done: 'money is back', refund_refused: 'refund refused', refund_by_hq: 'given back by HQ itself', wechat: 'WeChat Pay', alipay: 'Alipay', shown: 'the phone read the screen', read: 'the scanner read the phone', tender: 'the way it was paid', by_hand: 'by hand', hq: 'HQ by itself', kiosk: 'asked by the kiosk' },
  refund: 'Refund', refundAsk: 'Refund…', refundTitle: (amount) => `Give ${amount} back?`, refundText: 'The whole amount goes back the way it was paid. The kiosk does it at its card terminal, once. If it has not begun within 24 hours, nothing happens.', refundTextWallet: 'It goes back to the customer’s wallet through HQ, once. If the kiosk has not heard of it within 24 hours, nothing happens.',
  refundTextGone: (wallet) => `The kiosk that took the money is gone: its identity is revoked, and no command reaches it. HQ pays it back to the customer’s ${wallet} itself, once.`, refundReasonHintGone: 'It stands in the audit. Of a part, the customer may see it.', refundGivenByHq: 'HQ is giving it back', refundStateByHq: { waiting: 'HQ is giving it back', refused: 'The gateway refused' }, whyAskedOfGateway: 'HQ is giving it back, and has no answer yet.', answerOfGateway: 'The gateway says', refundAmount: 'Amount', refundAmountHint: (most) => `${most} at most. Empty: all of it.`, refundAmountWrong: (most) => `Write an amount up to ${most}: 12.50`, refundPartOf: (amount) => `${amount} of it`,
  refundReason: 'Reason', refundReasonHint: 'It stands in the audit and goes to the kiosk.', refundTooShort: 'Write at least three characters.', refundGive: (amount) => `Give ${amount} back`, refundGiven: 'The kiosk has been told', refundBefore: (who) => `${who} has asked already: theirs counts`, keep: 'Keep the money', tender: 'Paid by', tenders: { card: 'Card', wechat: 'WeChat Pay', alipay: 'Alipay' }, modes: { shown: 'The phone read the screen', read: 'The scanner read the phone' }, transaction: 'Wallet’s number', paidAt: 'Paid at', parts: 'Parts given back', partState: { asked: 'On its way', done: 'Is back', refused: 'Refused' }, partBy: 'Given back', partWay: { tender: 'The way it was paid', by_hand: 'By hand' }, byItself: 'The kiosk by itself',
  why: { unpaid: 'Nothing was paid for this order.', free: 'This order was free.', refunded: 'The money is back.', asked: 'The kiosk has been told.', unclear: 'What became of the payment is not clear yet.', card_gone: 'It was paid by card, and its kiosk is gone: HQ cannot give it back. Ask the provider of the card terminal to.' },
  refundState: { waiting: 'Waits for the kiosk', expired: 'Lapsed, nothing was done', cancelled: 'Cancelled', done: 'Money is back', failed: 'Did not work', refused: 'Refused by the kiosk' },
  askedBy: 'Asked by', reason: 'Reason', delivered: 'Reached the kiosk', notDelivered: 'not yet', until: 'Valid until', answer: 'The kiosk says',
  feedbackStars: 'Stars', anyStars: 'Any stars', withWords: 'Only with words', stars: (stars) => (stars === 1 ? '1 star' : `${stars} stars`),
};

export const ordersTexts = { zh, en };

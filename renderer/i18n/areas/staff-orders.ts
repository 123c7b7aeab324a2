import type { AttentionKind, Decision } from '../../../domain/attention/attention.ts';
import type { JobKind, JobState } from '../../../domain/contract/hq.ts';
import type { StaffOrderFull } from '../../../domain/contract/staff.ts';
import type { Language } from '../../../domain/language.ts';
import type { OrderState } from '../../../domain/order/order.ts';
import type { AttemptState } from '../../../domain/payment/attempt.ts';
import type { RefundState, RefundWay } from '../../../domain/payment/refund.ts';

export const refundReasons = ['damaged', 'not_got', 'wrong', 'twice', 'unwanted', 'other'] as const;
export type RefundReason = (typeof refundReasons)[number];

export interface StaffOrdersWords {
  readonly title: string; readonly search: string; readonly searchHint: string; readonly clear: string; readonly keyboard: string; readonly none: string; readonly noneFound: (text: string) => string; readonly older: string; readonly newest: string;
  readonly show: string; readonly all: string; readonly needsPerson: string; readonly needsCount: (count: number) => string;
  readonly states: Readonly<Record<OrderState, string>>; readonly attempts: Readonly<Record<AttemptState, string>>; readonly jobs: Readonly<Record<JobKind, string>>; readonly jobStates: Readonly<Record<JobState, string>>;
  readonly order: (number: string) => string; readonly placed: string; readonly items: string; readonly payments: string; readonly noPayments: string; readonly papers: string; readonly total: string; readonly trail: string;
  readonly reprint: string; readonly reprinted: string; readonly reprintLater: string;
  readonly refund: string; readonly refundOf: (total: string) => string; readonly refundTitle: string; readonly refundWhy: string; readonly refundReasons: Readonly<Record<RefundReason, string>>; readonly ownReason: string; readonly next: string;
  readonly refundSure: (total: string) => string; readonly refundSureText: (card: string) => string; readonly refundWalletText: (wallet: string) => string; readonly byHandText: (total: string) => string;
  readonly howMuch: string; readonly whole: (total: string) => string; readonly rest: (total: string) => string; readonly part: string; readonly amount: string; readonly atMost: (total: string) => string; readonly partAsked: string; readonly partGiven: string;
  readonly refunds: string; readonly refundStates: Readonly<Record<RefundState, string>>; readonly refundWays: Readonly<Record<RefundWay, string>>; readonly by: (who: string) => string; readonly refundAny: string;
  readonly refundYes: (total: string) => string; readonly refundRunning: string; readonly refunded: string; readonly refundOpen: string;
  readonly refundBlocked: Readonly<Record<NonNullable<StaffOrderFull['refundBlocked']>, string>>;
  readonly attentionTitle: string; readonly attentionNone: string; readonly attention: Readonly<Record<AttentionKind, { readonly title: string; readonly text: string }>>;
  /** Of money that was to go back, and of which HQ has not told; and of a store that was brought back and waits for HQ. */
  readonly attentionUnheard: { readonly title: string; readonly text: string }; readonly attentionWaits: { readonly title: string; readonly text: string };
  readonly decisions: Readonly<Record<Decision, { readonly name: string; readonly after: string }>>; readonly decideSure: string; readonly decided: string; readonly of: (number: string) => string; readonly card: string; readonly lastCard: string; readonly seeOrder: string; readonly yes: string; readonly detail: string;
}

export const staffOrdersWords: Readonly<Record<Language, StaffOrdersWords>> = {
  zh: {
    title: '订单', search: '按取货号或付款单号末几位查找', searchHint: '取货号，或付款单号末几位', clear: '清空', keyboard: '键盘', none: '还没有订单。', noneFound: (text) => `没有找到“${text}”`, older: '更早的', newest: '回到最新', show: '只看', all: '全部', needsPerson: '待处理', needsCount: (count) => `待处理 ${count} 项`,
    states: { placed: '还没付', awaiting_payment: '正在付款', paid: '已付', fulfilled: '已取走', cancelled: '已取消', expired: '超时取消', payment_unknown: '付款不明', refunded: '已退款' },
    attempts: { started: '已开始', authorised: '已同意，还没完成', approved: '已收款', declined: '没有通过', cancelled: '已取消', not_sent: '没有发出', unknown: '结果不明', not_paid: '没有收款', unclear: '要人来定', reversing: '正在退回', reversed: '已退回' },
    jobs: { print_receipt: '小票', print_copy: '小票副本', print_kitchen: '后厨单', print_staff_slip: '员工单', request_service: '运营商业务' },
    jobStates: { queued: '在排队', doing: '正在做', done: '好了', failed: '没做成', uncertain: '不知道做成没有', lapsed: '不做了' },
    order: (number) => `订单 ${number}`, placed: '下单', items: '买了什么', payments: '付款', noPayments: '没有付过款。', papers: '小票和业务', total: '合计', trail: '看这张订单的日志',
    reprint: '重打小票', reprinted: '正在打印，小票上会印“副本”。', reprintLater: '已排上队，打印机好了就打。',
    refund: '退款', refundOf: (total) => `退款 ${total}`, refundTitle: '为什么退款？', refundWhy: '退款原因', refundReasons: { damaged: '东西坏了', not_got: '没有拿到', wrong: '拿错了', twice: '付了两次', unwanted: '顾客不要了', other: '其他' }, ownReason: '写下原因', next: '下一步',
    refundSure: (total) => `把 ${total} 退回去？`, refundSureText: (card) => `钱会经过刷卡机退回顾客的卡${card === '' ? '' : `（${card}）`}，不能撤回。`, refundWalletText: (wallet) => `钱会退回顾客的${wallet}，不能撤回。`, byHandText: (total) => `刷卡机只能整笔退。请把 ${total} 现金交给顾客，交到了再确认：这里只是记下来。`,
    howMuch: '退多少？', whole: (total) => `全部 ${total}`, rest: (total) => `剩下的全部 ${total}`, part: '只退一部分', amount: '退款金额', atMost: (total) => `最多 ${total}`, partAsked: '退款已经交出去了，结果看这张订单。', partGiven: '已经记下：这部分退给顾客了。',
    refunds: '退款', refundStates: { asked: '正在退', done: '已退回', refused: '没有退成' }, refundWays: { tender: '原路退回', by_hand: '当面退' }, by: (who) => `经手 ${who}`, refundAny: '退款', refundYes: (total) => `确认退回 ${total}`, refundRunning: '正在退款…', refunded: '钱已经退回给顾客。', refundOpen: '退款已经交出去了，结果看这张订单。',
    refundBlocked: { not_paid: '没有收过钱，不用退。', free: '免费的订单，不用退。', refunded: '已经退过了。', unsettled: '付款还没弄清楚，先处理“待处理”里的那一项。', day_closed: '这天已经日结，刷卡机退不了。可以当面退，或请总部来退。', terminal_away: '刷卡机没有连上，现在退不了。', part_given_back: '已经退过一部分，剩下的当面退，或请总部来退。' },
    attentionTitle: '待处理', attentionNone: '没有要处理的，都好了。',
    attention: {
      payment_unclear: { title: '不知道这笔钱收到没有', text: '付款中途没有了回答。刷卡的，看刷卡机自己的流水；扫码的，看微信或支付宝的商户账单：里面有没有这一笔。刷卡的弄清楚之前不能再刷卡。' },
      reversal_refused: { title: '钱没有退回去', text: '刷卡机、微信或支付宝没能把钱退回去。请和顾客联系，另外想办法。' },
      print_uncertain: { title: '小票打出来了吗？', text: '打印到一半断了，不知道纸出来没有。' },
      service_refused: { title: '有一项业务没有办成', text: '运营商没有办成其中一项，这部分钱要退给顾客。' },
      refund_refused: { title: '有一部分钱没有退回去', text: '顾客的钱包不收这笔部分退款。请和顾客联系，用别的办法退给他。' },
    },
    attentionUnheard: { title: '不知道钱退回去没有', text: '这笔钱要退回顾客的钱包，总部一直没有说退成没有。机器会接着问，总部一有答复，这一项自己就没了。用别的办法退给顾客之前，先请总部查清楚，免得退两次。' },
    attentionWaits: { title: '在等总部的记录', text: '这台机器的数据是从备份恢复的，总部还没有告诉它后来的事：这笔钱可能早就有了结果。总部说清楚之前，机器不动这笔钱，这里也不能处理。请联系总部；顾客来问，就查微信或支付宝的商户账单。' },
    decisions: {
      paid: { name: '流水里有，钱收到了', after: '订单继续，顾客拿到东西和小票。' }, paid_send_back: { name: '流水里有，顾客已走，退钱', after: '钱会经过刷卡机退回顾客的卡。' }, not_paid: { name: '流水里没有，没收到钱', after: '订单取消，又可以刷卡了。' },
      given_back: { name: '已经另外退给顾客', after: '记为已退款。' }, was_back: { name: '查过了，钱早就退回了', after: '记为已退款。' }, stays_paid: { name: '和顾客说好，不退了', after: '订单仍算已付。' },
      print_copy: { name: '再打一张', after: '会打一张印着“副本”的小票。' }, leave: { name: '不用再打', after: '不再打印。' },
      part_given_back: { name: '这部分已经退给顾客', after: '记为已退这一部分。' }, part_settled: { name: '已经用别的办法解决', after: '不再退钱。' },
    },
    decideSure: '确定这样处理？', decided: '处理好了。', of: (number) => `订单 ${number}`, card: '卡', lastCard: '刷卡机最后一笔', seeOrder: '看订单', yes: '确定', detail: '机器的记录',
  },
  en: {
    title: 'Orders', search: 'Find by pickup number, or the end of the payment’s', searchHint: 'Pickup or payment number', clear: 'Clear', keyboard: 'Keyboard', none: 'No orders yet.', noneFound: (text) => `Nothing found for “${text}”`, older: 'Older', newest: 'Newest', show: 'Show', all: 'All', needsPerson: 'Needs you', needsCount: (count) => (count === 1 ? '1 needs you' : `${count} need you`),
    states: { placed: 'Not paid', awaiting_payment: 'Being paid', paid: 'Paid', fulfilled: 'Collected', cancelled: 'Cancelled', expired: 'Timed out', payment_unknown: 'Payment unclear', refunded: 'Refunded' },
    attempts: { started: 'Begun', authorised: 'Authorised', approved: 'Paid', declined: 'Declined', cancelled: 'Cancelled', not_sent: 'Not sent', unknown: 'Outcome unknown', not_paid: 'Not paid', unclear: 'A person decides', reversing: 'Being sent back', reversed: 'Sent back' },
    jobs: { print_receipt: 'Receipt', print_copy: 'Copy of the receipt', print_kitchen: 'Kitchen slip', print_staff_slip: 'Staff slip', request_service: 'Carrier’s service' },
    jobStates: { queued: 'waiting', doing: 'under way', done: 'done', failed: 'not done', uncertain: 'perhaps done', lapsed: 'let go' },
    order: (number) => `Order ${number}`, placed: 'Placed', items: 'What was bought', payments: 'Payments', noPayments: 'Nothing was tried.', papers: 'Paper and services', total: 'Total', trail: 'Log of this order',
    reprint: 'Print again', reprinted: 'Printing. The receipt says COPY.', reprintLater: 'Queued: it is printed when the printer is back.',
    refund: 'Refund', refundOf: (total) => `Refund ${total}`, refundTitle: 'Why is it refunded?', refundWhy: 'Reason of the refund', refundReasons: { damaged: 'Damaged', not_got: 'Not received', wrong: 'Wrong item', twice: 'Paid twice', unwanted: 'Not wanted any more', other: 'Other' }, ownReason: 'Write the reason', next: 'Next',
    refundSure: (total) => `Send ${total} back?`, refundSureText: (card) => `The card terminal sends it back to the customer’s card${card === '' ? '' : ` (${card})`}. This cannot be undone.`, refundWalletText: (wallet) => `It goes back to the customer’s ${wallet}. This cannot be undone.`, byHandText: (total) => `Card terminals give back whole payments only. Hand the customer ${total} in cash first, then confirm: this only writes it down.`,
    howMuch: 'How much?', whole: (total) => `All of it, ${total}`, rest: (total) => `All that is left, ${total}`, part: 'A part', amount: 'Amount to give back', atMost: (total) => `${total} at most`, partAsked: 'The refund is on its way; its result comes to this order.', partGiven: 'Written down: the customer has this part back.',
    refunds: 'Refunds', refundStates: { asked: 'going back', done: 'given back', refused: 'not given back' }, refundWays: { tender: 'the way it was paid', by_hand: 'by hand' }, by: (who) => `by ${who}`, refundAny: 'Refund', refundYes: (total) => `Yes, send ${total} back`, refundRunning: 'Giving it back…', refunded: 'The customer has the money back.', refundOpen: 'The refund is on its way; its result comes to this order.',
    refundBlocked: { not_paid: 'Nothing was paid, so there is nothing to send back.', free: 'It was free: nothing to send back.', refunded: 'It was refunded already.', unsettled: 'The payment is unclear. Settle it under “Needs you” first.', day_closed: 'That day is closed, so the terminal cannot send it back. Give it by hand, or ask HQ.', terminal_away: 'The card terminal is away, so it cannot be refunded now.', part_given_back: 'A part was given back already. Give the rest by hand, or ask HQ.' },
    attentionTitle: 'Needs you', attentionNone: 'Nothing needs you. All is well.',
    attention: {
      payment_unclear: { title: 'Was this paid or not?', text: 'The answer stopped in the middle. Of a card, look into the terminal’s own journal; of a wallet, into the merchant’s bill of WeChat or Alipay: is this payment there? No card is taken until a card’s is settled.' },
      reversal_refused: { title: 'The money did not go back', text: 'The terminal, WeChat or Alipay could not send it back. Talk to the customer and find another way.' },
      print_uncertain: { title: 'Did the receipt come out?', text: 'Printing was cut off, so nobody knows whether the paper came out.' },
      service_refused: { title: 'One service was not carried out', text: 'The carrier refused a part of this order. Its money has to go back to the customer.' },
      refund_refused: { title: 'A part refund did not go back', text: 'The customer’s wallet did not take this part refund. Talk to the customer and give it back in another way.' },
    },
    attentionUnheard: { title: 'Has this money gone back?', text: 'It was to go back to the customer’s wallet, and HQ has not said whether it has. The kiosk goes on asking, and this ends by itself when HQ answers. Before you give it in another way, have HQ look whether it has gone, or it may go twice.' },
    attentionWaits: { title: 'Waits for HQ’s records', text: 'This kiosk was brought back from a copy, and HQ has not told it what happened since: this may have had its end long ago. Until then the kiosk leaves the money alone, and nothing can be decided here. Call HQ; if the customer asks, look into the merchant’s bill of WeChat or Alipay.' },
    decisions: {
      paid: { name: 'In the journal: it was paid', after: 'The order goes on; its customer gets goods and receipt.' }, paid_send_back: { name: 'In the journal, customer gone: send it back', after: 'The terminal sends the money back to the card.' }, not_paid: { name: 'Not in the journal: not paid', after: 'The order is cancelled, and cards are taken again.' },
      given_back: { name: 'Given back in another way', after: 'It counts as refunded.' }, was_back: { name: 'Checked: it was back already', after: 'It counts as refunded.' }, stays_paid: { name: 'Agreed with the customer: it stays', after: 'The order stays paid.' },
      print_copy: { name: 'Print it again', after: 'A receipt that says COPY is printed.' }, leave: { name: 'No need to print', after: 'Nothing more is printed.' },
      part_given_back: { name: 'This part was given back', after: 'It counts as given back.' }, part_settled: { name: 'Settled in another way', after: 'No money goes back.' },
    },
    decideSure: 'Settle it like this?', decided: 'Settled.', of: (number) => `Order ${number}`, card: 'Card', lastCard: 'The terminal’s last one', seeOrder: 'See the order', yes: 'Yes, settle it', detail: 'What the kiosk wrote down',
  },
};

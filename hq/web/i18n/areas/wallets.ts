import type { OpenWallet } from '../../../contract/api/wallets.ts';

/** Words for what of wallets' money waits for its gateway, or for a person. */
interface WalletsTexts {
  readonly tab: string;
  readonly who: string;
  readonly all: string;
  readonly person: string;
  readonly what: string;
  readonly kinds: Readonly<Record<OpenWallet['kind'], string>>;
  readonly state: string;
  readonly states: Readonly<Record<OpenWallet['state'], string>>;
  readonly amount: string;
  readonly unknownAmount: string;
  readonly order: string;
  readonly kiosk: string;
  readonly since: string;
  readonly wallet: string;
  readonly wallets: Readonly<Record<OpenWallet['wallet'], string>>;
  readonly attempt: string;
  readonly refund: string;
  readonly detail: string;
  /** What HQ itself writes as a detail of what it goes on asking for; all else is a gateway's, or a person's. */
  readonly details: Readonly<Record<string, string>>;
  readonly empty: string;
  readonly emptyText: string;
  readonly waitsText: string;
  readonly heldText: string;
  readonly refusedText: string;
  readonly paid: string;
  readonly closed: string;
  readonly seenTo: string;
  readonly again: string;
  readonly note: string;
  readonly noteHint: string;
  readonly done: string;
}

const zh: WalletsTexts = {
  tab: '未了结的钱包款项', who: '显示', all: '全部', person: '只看需要人工的', what: '内容', kinds: { payment: '付款', refund: '退款' },
  state: '状态', states: { starting: '正在发起', waiting: '等待顾客付款', confirming: '顾客正在手机上确认', closing: '正在核实并关闭', held: '需要人工核实', asked: '正在退款', refused: '网关拒绝退款' },
  amount: '金额', unknownAmount: '不明', order: '订单', kiosk: '自助机', since: '起始', wallet: '钱包', wallets: { wechat: '微信支付', alipay: '支付宝' }, attempt: '商户订单号', refund: '商户退款单号', detail: '说明',
  details: { pending: '网关正在处理', 'nothing is known': '网关还没有任何记录', 'paid after it was closed': '关闭之后又被支付', 'paid after it was declined': '被拒绝之后又被支付' },
  empty: '没有未了结的款项', emptyText: '所有钱包付款和退款都有了结果。', waitsText: '总部会自动继续查询，无需处理。',
  heldText: '请在钱包的商户后台按商户订单号查询。确认已按原金额收款选“已收款”；没有收款，或已在商户后台退回，选“未收款”。',
  refusedText: '请在钱包的商户后台查明原因（例如余额不足）。由自助机发起的退款在该自助机的待办清单上，由店长用其他方式退给顾客：请不要在商户后台再退一次；店长办结后，这一条会自行消失。总部自动发起的退款，请在商户后台处理好后在这里了结。',
  paid: '已收款', closed: '未收款', seenTo: '已处理', again: '再试一次', note: '核实结果', noteHint: '至少三个字，会写入审计记录。', done: '已记录',
};

const en: WalletsTexts = {
  tab: 'Open wallet money', who: 'Shown', all: 'All', person: 'Only what needs a person', what: 'What', kinds: { payment: 'Payment', refund: 'Refund' },
  state: 'State', states: { starting: 'Beginning', waiting: 'Waits for the customer', confirming: 'The phone asks its customer', closing: 'Being found out and closed', held: 'A person must find out', asked: 'On its way back', refused: 'The gateway refuses' },
  amount: 'Amount', unknownAmount: 'not known', order: 'Order', kiosk: 'Kiosk', since: 'Since', wallet: 'Wallet', wallets: { wechat: 'WeChat Pay', alipay: 'Alipay' }, attempt: 'Our payment number', refund: 'Our refund number', detail: 'Detail',
  details: { pending: 'The gateway calls it pending', 'nothing is known': 'The gateway knows nothing of it', 'paid after it was closed': 'Paid after it was closed', 'paid after it was declined': 'Paid after it was declined' },
  empty: 'Nothing is open', emptyText: 'Every wallet payment and refund has its end.', waitsText: 'HQ goes on asking by itself: there is nothing to do.',
  heldText: 'Look for our payment number in the wallet’s merchant console. Say “Paid” where it has taken our amount; “Not paid” where it has taken nothing, or what it took was given back there.',
  refusedText: 'Find out why in the wallet’s merchant console (too little balance, for instance). What a kiosk has asked for stands on that kiosk’s own list: its manager gives it to the customer in another way, so do not give it at the gateway as well; once that is decided there, it goes from here by itself. What HQ gives back by itself, set right at the gateway, and settle it here.',
  paid: 'Paid', closed: 'Not paid', seenTo: 'Seen to', again: 'Try once more', note: 'What you found', noteHint: 'Three characters at least. It stands in the audit.', done: 'Written down',
};

export const walletsTexts = { zh, en };

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
  empty: '没有未了结的款项', emptyText: '所有钱包付款和退款都有了结果。', waitsText: '总部会自动继续查询，无需处理。',
  heldText: '请在钱包的商户后台按商户订单号查询。确认已按原金额收款选“已收款”；没有收款，或已在商户后台退回，选“未收款”。',
  refusedText: '请在钱包的商户后台查明原因（例如余额不足）并处理。由自助机发起的退款同时在该自助机的人工清单上，请在那里给顾客办结。',
  paid: '已收款', closed: '未收款', seenTo: '已处理', again: '再试一次', note: '核实结果', noteHint: '至少三个字，会写入审计记录。', done: '已记录',
};

const en: WalletsTexts = {
  tab: 'Open wallet money', who: 'Shown', all: 'All', person: 'Only what needs a person', what: 'What', kinds: { payment: 'Payment', refund: 'Refund' },
  state: 'State', states: { starting: 'Beginning', waiting: 'Waits for the customer', confirming: 'The phone asks its customer', closing: 'Being found out and closed', held: 'A person must find out', asked: 'On its way back', refused: 'The gateway refuses' },
  amount: 'Amount', unknownAmount: 'not known', order: 'Order', kiosk: 'Kiosk', since: 'Since', wallet: 'Wallet', wallets: { wechat: 'WeChat Pay', alipay: 'Alipay' }, attempt: 'Our payment number', refund: 'Our refund number', detail: 'Detail',
  empty: 'Nothing is open', emptyText: 'Every wallet payment and refund has its end.', waitsText: 'HQ goes on asking by itself: there is nothing to do.',
  heldText: 'Look for our payment number in the wallet’s merchant console. Say “Paid” where it has taken our amount; “Not paid” where it has taken nothing, or what it took was given back there.',
  refusedText: 'Find out why in the wallet’s merchant console (too little balance, for instance) and set it right. What a kiosk has asked for also stands on that kiosk’s own list: settle it with the customer there.',
  paid: 'Paid', closed: 'Not paid', seenTo: 'Seen to', again: 'Try once more', note: 'What you found', noteHint: 'Three characters at least. It stands in the audit.', done: 'Written down',
};

export const walletsTexts = { zh, en };

import type { OpenServiceRow } from '../../../contract/api/services.ts';

/** Words for what is credited elsewhere and has no end yet. */
interface ServicesTexts {
  readonly title: string;
  readonly lead: string;
  readonly views: string;
  readonly givenUp: (count: number) => string;
  readonly open: (count: number) => string;
  readonly emptyGivenUp: string;
  readonly emptyOpen: string;
  readonly emptyText: string;
  readonly order: string;
  readonly noOrder: string;
  readonly service: string;
  readonly kinds: Readonly<Record<NonNullable<OpenServiceRow['service']> | 'unknown', string>>;
  readonly amount: string;
  readonly state: string;
  readonly states: Readonly<Record<OpenServiceRow['state'], string>>;
  readonly takingBack: string;
  readonly cannotTakeBack: string;
  readonly asked: string;
  readonly until: string;
  readonly overdue: string;
  readonly why: string;
  readonly turns: (count: number) => string;
  readonly againBy: (name: string) => string;
  readonly act: string;
  readonly again: string;
  readonly againTitle: string;
  readonly againText: string;
  readonly againDone: string;
  readonly settle: string;
  readonly settleTitle: string;
  readonly settleText: string;
  readonly outcome: string;
  readonly done: string;
  readonly refused: string;
  readonly doneText: string;
  readonly refusedText: (amount: string) => string;
  /** It was not taken back, and the person may go on. */
  readonly notTakenBack: Readonly<Record<'silent' | 'cannot' | 'pending' | 'nobody', string>>;
  readonly confirm: string;
  readonly creditedTitle: string;
  readonly creditedText: (reference: string | null) => string;
  readonly close: string;
  readonly reference: string;
  readonly referenceHint: string;
  readonly settled: string;
  readonly keep: string;
}

const zh: ServicesTexts = {
  title: '业务办理',
  lead: '充值、流量、套餐和申请由运营商办理。这里是还没有结果的业务，已放弃的需要人工处理。',
  views: '业务列表',
  givenUp: (count) => `已放弃（${count}）`,
  open: (count) => `全部未完成（${count}）`,
  emptyGivenUp: '没有需要人工处理的业务',
  emptyOpen: '所有业务都有结果',
  emptyText: '运营商一天内没有结果、也不能撤回的业务会出现在“已放弃”里。',
  order: '订单',
  noOrder: '订单未到',
  service: '业务',
  kinds: { top_up: '话费充值', data_pack: '流量包', plan_change: '套餐变更', application: '业务申请', unknown: '未知业务' },
  amount: '金额',
  state: '状态',
  states: { queued: '等待提交', submitting: '正在提交', accepted: '运营商已受理', pending: '运营商办理中', unknown: '没有回音', held: '已放弃', done: '已办理', refused: '未能办理' },
  takingBack: '正在撤回',
  cannotTakeBack: '无法撤回',
  asked: '提交时间',
  until: '承诺期限',
  overdue: '已超过承诺期限',
  why: '原因',
  turns: (count) => `已询问 ${count} 次`,
  againBy: (name) => `由 ${name} 重新提交过`,
  act: '操作',
  again: '重新提交',
  againTitle: '重新提交这笔业务？',
  againText: '用原来的编号，先向运营商查询：已经办好的不会再办一次，时限重新开始计算。',
  againDone: '已重新提交',
  settle: '人工处理',
  settleTitle: '这笔业务的结果是什么？',
  settleText: '请先向运营商核实。选定以后会通知自助机，不能更改。',
  outcome: '结果',
  done: '已办理',
  refused: '没有办理',
  doneText: '顾客会在收据上看到业务参考号。',
  refusedText: (amount) => `总部先请运营商撤回，然后顾客支付的 ${amount} 会原路退回。`,
  notTakenBack: {
    silent: '已请运营商撤回，但没有答复，现在还没有退款。请在运营商自己的系统里查询这笔业务。', cannot: '运营商说无法撤回，现在还没有退款。请在运营商自己的系统里查询这笔业务。',
    pending: '运营商正在撤回，现在还没有退款。请稍后再试，或在运营商自己的系统里查询这笔业务。', nobody: '总部联系不上运营商，无法请其撤回，现在还没有退款。请在运营商自己的系统里查询这笔业务。',
  },
  confirm: '运营商自己的系统显示这笔业务没有办理',
  creditedTitle: '这笔业务已经办理',
  creditedText: (reference) => `已经办理${reference === null ? '' : `（参考号 ${reference}）`}，因此不退款，并且已通知自助机。`,
  close: '关闭',
  reference: '运营商的业务参考号',
  referenceHint: '可以不填',
  settled: '已处理，正在通知自助机',
  keep: '先不处理',
};

const en: ServicesTexts = {
  title: 'Services',
  lead: 'Top-ups, packs, plans and applications are credited by the carrier. These have no end yet; what was given up needs a person.',
  views: 'Lists of services',
  givenUp: (count) => `Given up (${count})`,
  open: (count) => `All without an end (${count})`,
  emptyGivenUp: 'Nothing needs a person',
  emptyOpen: 'Every service has its end',
  emptyText: 'What the carrier has not ended within a day, and could not take back, comes to "Given up".',
  order: 'Order',
  noOrder: 'not here yet',
  service: 'Service',
  kinds: { top_up: 'Top-up', data_pack: 'Data pack', plan_change: 'Plan change', application: 'Application', unknown: 'Unknown' },
  amount: 'Amount',
  state: 'State',
  states: { queued: 'Waiting to be sent', submitting: 'Being sent', accepted: 'With the carrier', pending: 'Carrier works on it', unknown: 'No word', held: 'Given up', done: 'Done', refused: 'Not done' },
  takingBack: 'Being taken back',
  cannotTakeBack: 'Cannot be taken back',
  asked: 'Asked for',
  until: 'Promised by',
  overdue: 'Later than was promised',
  why: 'Why',
  turns: (count) => `asked ${count} ${count === 1 ? 'time' : 'times'}`,
  againBy: (name) => `sent again by ${name}`,
  act: 'What to do',
  again: 'Send again',
  againTitle: 'Send this service again?',
  againText: 'Under its own key, after the carrier was asked for it: what is credited is not credited twice. Its time counts anew.',
  againDone: 'On its way again',
  settle: 'Settle',
  settleTitle: 'What became of this service?',
  settleText: 'Ask the carrier first. The kiosk is told, and that cannot be undone.',
  outcome: 'Outcome',
  done: 'It is credited',
  refused: 'It is not credited',
  doneText: 'The customer sees the reference on the receipt.',
  refusedText: (amount) => `The carrier is asked to take it back, and then ${amount} goes back to the customer, the way it was paid.`,
  notTakenBack: {
    silent: 'The carrier was asked to take it back and has not answered. Nothing has gone back yet: look for this service in the carrier’s own console.', cannot: 'The carrier says that it cannot take it back. Nothing has gone back yet: look for this service in the carrier’s own console.',
    pending: 'The carrier is taking it back. Nothing has gone back yet: try again in a while, or look for this service in the carrier’s own console.', nobody: 'HQ could not reach a carrier to have it taken back. Nothing has gone back yet: look for this service in the carrier’s own console.',
  },
  confirm: 'The carrier’s own console shows that it is not credited',
  creditedTitle: 'This service is credited',
  creditedText: (reference) => `It is credited${reference === null ? '' : ` (reference ${reference})`}: nothing goes back, and the kiosk is told.`,
  close: 'Close',
  reference: "The carrier's reference",
  referenceHint: 'May be left out',
  settled: 'Settled; the kiosk is told',
  keep: 'Leave it for now',
};

export const servicesTexts = { zh, en };

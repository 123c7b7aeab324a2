import type { salesBy } from '../../../contract/api/reports.ts';

interface ReportsTexts {
  readonly title: string;
  readonly tabs: Readonly<Record<'sales' | 'payments' | 'availability' | 'feedback', string>>;
  readonly from: string;
  readonly to: string;
  readonly periods: Readonly<Record<'yesterday' | 'week' | 'month' | 'quarter' | 'year', string>>;
  readonly period: string;
  readonly ownPeriod: string;
  readonly zone: string;
  readonly by: string;
  readonly byNames: Readonly<Record<(typeof salesBy)[number], string>>;
  readonly kiosk: string;
  readonly anyKiosk: string;
  readonly group: string;
  readonly anyGroup: string;
  readonly currency: string;
  readonly exportCsv: string;
  readonly pending: (days: number) => string;
  readonly sold: string;
  readonly orders: string;
  readonly mean: string;
  readonly refunds: string;
  readonly freeOrders: string;
  readonly unsold: string;
  readonly quantity: string;
  readonly refunded: string;
  readonly change: string;
  readonly thisPeriod: string;
  readonly beforePeriod: string;
  readonly beforeIs: (from: string, to: string) => string;
  readonly against: (before: string) => string;
  readonly noneBefore: string;
  readonly businesses: Readonly<Record<string, string>>;
  readonly noneTitle: string;
  readonly noneText: string;
  readonly taken: string;
  readonly returned: string;
  readonly declined: string;
  readonly open: string;
  readonly day: string;
  readonly tender: string;
  readonly noTender: string;
  readonly tenders: string;
  readonly settlement: string;
  readonly settlementText: (agreeing: number, differing: number, untold: number) => string;
  readonly settlementAllWell: string;
  readonly closed: string;
  readonly ours: string;
  readonly terminal: string;
  readonly terminalUntold: string;
  readonly difference: string;
  readonly unsettled: string;
  readonly proof: string;
  readonly proofs: Readonly<Record<'green' | 'red' | 'waiting', string>>;
  readonly count: (count: number) => string;
  readonly selling: string;
  readonly limited: string;
  readonly paused: string;
  readonly outOfService: string;
  readonly silent: string;
  readonly couldSell: string;
  readonly worstFirst: string;
  readonly availabilityText: string;
  readonly availabilityLimit: string;
  readonly stars: string;
  readonly starsOf: (stars: string) => string;
  readonly answers: string;
  readonly meanStars: string;
  readonly tapped: string;
  readonly perDay: string;
  readonly words: string;
  readonly byKiosk: string;
}

const zh: ReportsTexts = {
  title: '报表', tabs: { sales: '销售', payments: '付款与结算', availability: '可用率', feedback: '顾客评价' },
  from: '从', to: '到', period: '时间段', ownPeriod: '自选日期', periods: { yesterday: '昨天', week: '近 7 天', month: '近 30 天', quarter: '近 90 天', year: '近一年' },
  zone: '日期按门店当地时间计算。', by: '按', byNames: { hour: '小时', hour_of_day: '一天中的时段', day: '日', week: '周', kiosk: '自助机', business: '业务', offer: '商品' },
  kiosk: '自助机', anyKiosk: '全部自助机', group: '分组', anyGroup: '全部分组', currency: '币种', exportCsv: '导出 CSV',
  pending: (days) => `有 ${days} 个营业日正在重新汇总，数字稍后会更新。`,
  sold: '销售额', orders: '订单数', mean: '客单价', refunds: '退款', freeOrders: '免费订单', unsold: '未成交', quantity: '数量', refunded: '退款额', change: '环比',
  thisPeriod: '本期', beforePeriod: '上期', beforeIs: (from, to) => `上期：${from} 至 ${to}`, against: (before) => `上期 ${before}`, noneBefore: '上期没有',
  businesses: { food: '餐饮', goods: '商品', telecom: '通信业务' },
  noneTitle: '这段时间没有数据', noneText: '换一个时间段，或去掉自助机和分组条件。',
  taken: '收款', returned: '退回', declined: '被拒', open: '未明确', day: '日期', tender: '支付方式', noTender: '银行卡，未注明', tenders: '按支付方式',
  settlement: '与终端结算核对', settlementText: (agreeing, differing, untold) => `${agreeing} 天一致，${differing} 天不一致，${untold} 天终端没有报数。`, settlementAllWell: '没有需要处理的结算。',
  closed: '结账时间', ours: '系统', terminal: '终端', terminalUntold: '未报', difference: '差额', unsettled: '未明确', proof: '对账', proofs: { green: '相符', red: '不符', waiting: '等待中' },
  count: (count) => `${count.toLocaleString('zh-CN')} 笔`,
  selling: '正常营业', limited: '部分可用', paused: '暂停', outOfService: '停止服务', silent: '无消息', couldSell: '可营业', worstFirst: '可营业时间最短的在前', availabilityText: '按自助机自己上报的状态计算；超过 75 分钟没有上报的时间计为“无消息”。', availabilityLimit: '可用率最多查 93 天。',
  stars: '评分', starsOf: (stars) => `${stars} 星`, answers: '评价数', meanStars: '平均分', tapped: '顾客点选', perDay: '每日平均分', words: '顾客留言', byKiosk: '按自助机',
};

const en: ReportsTexts = {
  title: 'Reports', tabs: { sales: 'Sales', payments: 'Payments', availability: 'Availability', feedback: 'Feedback' },
  from: 'From', to: 'To', period: 'Period', ownPeriod: 'Days of your own', periods: { yesterday: 'Yesterday', week: 'Last 7 days', month: 'Last 30 days', quarter: 'Last 90 days', year: 'Last year' },
  zone: 'Days and hours are those of each shop’s own clock.', by: 'By', byNames: { hour: 'Hour', hour_of_day: 'Hour of the day', day: 'Day', week: 'Week', kiosk: 'Kiosk', business: 'Business', offer: 'Offer' },
  kiosk: 'Kiosk', anyKiosk: 'All kiosks', group: 'Group', anyGroup: 'All groups', currency: 'Currency', exportCsv: 'Export CSV',
  pending: (days) => `${days} ${days === 1 ? 'day is' : 'days are'} being summed anew: the figures lack a moment.`,
  sold: 'Sold', orders: 'Orders', mean: 'Mean order', refunds: 'Refunds', freeOrders: 'Free orders', unsold: 'Not completed', quantity: 'Pieces', refunded: 'Given back', change: 'Change',
  thisPeriod: 'This period', beforePeriod: 'Before', beforeIs: (from, to) => `Before: ${from} to ${to}`, against: (before) => `before ${before}`, noneBefore: 'nothing before',
  businesses: { food: 'Food', goods: 'Goods', telecom: 'Telecom' },
  noneTitle: 'Nothing in this period', noneText: 'Choose another period, or take the kiosk and group away.',
  taken: 'Taken', returned: 'Given back', declined: 'Declined', open: 'Not clear', day: 'Day', tender: 'Paid by', noTender: 'card, not named', tenders: 'By way to pay',
  settlement: 'Against the terminals', settlementText: (agreeing, differing, untold) => `${agreeing} days agree, ${differing} do not; of ${untold} the terminal told nothing.`, settlementAllWell: 'Nothing to look into.',
  closed: 'Closed', ours: 'Ours', terminal: 'Terminal', terminalUntold: 'not told', difference: 'Difference', unsettled: 'Not clear', proof: 'Proof', proofs: { green: 'fits', red: 'does not fit', waiting: 'waits' },
  count: (count) => `${count.toLocaleString('en-GB')} ${count === 1 ? 'payment' : 'payments'}`,
  selling: 'Selling', limited: 'Limited', paused: 'Paused', outOfService: 'Out of service', silent: 'Silent', couldSell: 'Could sell', worstFirst: 'The worst first', availabilityText: 'By what each kiosk said of itself; what is more than 75 minutes after its last word is silence.', availabilityLimit: 'Availability is told of 93 days at most.',
  stars: 'Stars', starsOf: (stars) => `${stars} stars`, answers: 'Answers', meanStars: 'Mean', tapped: 'What they tapped', perDay: 'Mean by day', words: 'In their words', byKiosk: 'By kiosk',
};

export const reportsTexts = { zh, en };

import type { Bilingual, Language } from '../../../domain/language.ts';
import type { AuditEntry } from '../../../domain/staff/audit.ts';

export const pauseNotices = ['none', 'stocktaking', 'repair', 'back_soon', 'closed', 'own'] as const;
export type PauseNotice = (typeof pauseNotices)[number];

/** What customers read in a pause; core takes it in both languages at once. */
export const noticeTexts: Readonly<Record<Exclude<PauseNotice, 'none' | 'own'>, Bilingual>> = {
  stocktaking: { zh: '正在盘点补货，马上就好。', en: 'We are restocking and will be right back.' },
  repair: { zh: '正在维修，请稍后再来。', en: 'Being repaired. Please come back later.' },
  back_soon: { zh: '十分钟后回来。', en: 'Back in ten minutes.' },
  closed: { zh: '今天已经打烊，明天见。', en: 'Closed for today. See you tomorrow.' },
};

/** Stands for the language that nobody has written in: half of the customers would read nothing. */
export const plainNotice: Bilingual = { zh: '暂停服务，请稍后再来。', en: 'Paused for now. Please come back later.' };

/** What was chosen or written, as core takes it; undefined where customers shall read nothing, or nothing was written. */
export function noticeOf(chosen: PauseNotice, own: Bilingual): Bilingual | undefined {
  if (chosen === 'none') return undefined;
  if (chosen !== 'own') return noticeTexts[chosen];
  const [zh, en] = [own.zh.trim(), own.en.trim()];
  return zh === '' && en === '' ? undefined : { zh: zh === '' ? plainNotice.zh : zh, en: en === '' ? plainNotice.en : en };
}

export interface StaffManageWords {
  readonly kiosk: {
    readonly title: string; readonly states: Readonly<Record<'in_service' | 'paused' | 'out_of_service' | 'starting', string>>; readonly pause: string; readonly pauseTitle: string; readonly pauseText: string; readonly notice: string; readonly notices: Readonly<Record<PauseNotice, string>>; readonly ownNotice: Readonly<Record<Language, string>>; readonly ownHint: string; readonly pauseYes: string; readonly paused: string;
    readonly resume: string; readonly resumed: string; readonly restart: string; readonly restartTitle: string; readonly restartText: string; readonly restartYes: string; readonly restarting: string; readonly reason: string;
  };
  readonly day: {
    readonly title: string; readonly close: string; readonly sureTitle: string; readonly sureText: string; readonly sureYes: string; readonly running: string; readonly closed: (number: number) => string; readonly notPrinted: string; readonly past: string; readonly none: string;
    readonly report: (number: number) => string; readonly period: (from: string, to: string) => string; readonly orders: string; readonly free: string; readonly refunded: string; readonly ours: string; readonly terminal: string; readonly noTerminal: string; readonly count: (count: number) => string;
    readonly agrees: string; readonly more: (amount: string) => string; readonly less: (amount: string) => string; readonly unknown: string; readonly unsettled: (count: number) => string; readonly reprint: string; readonly reprintName: (number: number) => string; readonly reprinted: string;
  };
  readonly audit: {
    readonly title: string; readonly whole: string; readonly broken: string; readonly none: string; readonly older: string; readonly newest: string; readonly nobody: string; readonly outcomes: Readonly<Record<AuditEntry['outcome'], string>>;
    readonly columns: Readonly<Record<'number' | 'at' | 'who' | 'act' | 'subject' | 'outcome', string>>; readonly acts: Readonly<Record<string, string>>;
    readonly lot: (bestBefore: string) => string; readonly undatedLot: string;
  };
}

export const staffManageWords: Readonly<Record<Language, StaffManageWords>> = {
  zh: {
    kiosk: {
      title: '营业', states: { in_service: '正在营业', paused: '已暂停', out_of_service: '停止服务', starting: '正在启动' }, pause: '暂停营业', pauseTitle: '暂停营业？', pauseText: '正在买的顾客可以买完，新的顾客看到暂停画面。', notice: '给顾客看的话', notices: { none: '不写', stocktaking: '正在补货', repair: '正在维修', back_soon: '十分钟后回来', closed: '打烊了', own: '自己写' }, ownNotice: { zh: '用中文写', en: '用英文写' }, ownHint: '只写一种也行，另一种用一句通用的话。', pauseYes: '确认暂停', paused: '已经暂停，新的顾客不能下单。',
      resume: '恢复营业', resumed: '又开始营业了。', restart: '重新启动', restartTitle: '重新启动这台机器？', restartText: '大约一分钟后回来。订单和库存都不会丢，您要重新登录。', restartYes: '确认重启', restarting: '机器正在重新启动…', reason: '机器的说明',
    },
    day: {
      title: '日结', close: '日结并打印', sureTitle: '现在日结？', sureText: '刷卡机会和银行结账，到现在为止的付款就不能在这台机器上退了。大约要一分钟，请不要关机。', sureYes: '确认日结', running: '刷卡机正在结账，请等一等…', closed: (number) => `日结 ${number} 做好了。`, notPrinted: '报表存好了，但是没有打出来，请看一下打印机，再点“重打”。', past: '以前的日结', none: '还没有做过日结。',
      report: (number) => `日结 ${number}`, period: (from, to) => `${from} 至 ${to}`, orders: '订单', free: '免费', refunded: '退款', ours: '我们记的刷卡', terminal: '刷卡机的合计', noTerminal: '刷卡机没有给出合计', count: (count) => `${count} 笔`,
      agrees: '对得上', more: (amount) => `刷卡机多 ${amount}`, less: (amount) => `刷卡机少 ${amount}`, unknown: '没有合计可以比', unsettled: (count) => `还有 ${count} 笔付款没有弄清楚`, reprint: '重打', reprintName: (number) => `重打日结 ${number}`, reprinted: '报表打出来了。',
    },
    audit: {
      title: '操作记录', whole: '记录完整，没有被改过', broken: '记录对不上：有的被删或被改。请马上告诉总部。', none: '还没有记录。', older: '更早的', newest: '回到最新', nobody: '没有登录的人', outcomes: { begun: '开始做', done: '做了', refused: '不允许', failed: '没做成' }, columns: { number: '编号', at: '时间', who: '操作人', act: '做了什么', subject: '对象', outcome: '结果' },
      acts: {
        'staff.login': '登录', 'staff.logout': '退出', 'stock.fill': '放入', 'stock.count': '清点', 'stock.waste': '报损', 'stock.finish': '结束补货', 'stock.bring_print': '打印带货单', 'logs.export': '导出日志', 'devices.new_roll': '换纸', 'devices.recover_printer': '恢复打印机', 'devices.test_print': '测试打印',
        'devices.diagnose_terminal': '刷卡机诊断', 'devices.reconnect': '重连设备', 'devices.scan_test': '扫码测试', 'day.close': '日结', 'day.reprint': '重打日结', 'orders.reprint': '重打小票', 'orders.refund': '退款', 'attention.decide': '处理待办', 'kiosk.pause': '暂停营业', 'kiosk.resume': '恢复营业', 'kiosk.restart': '重新启动',
      },
      lot: (bestBefore) => `${bestBefore} 到期的一批`, undatedLot: '没有日期的一批',
    },
  },
  en: {
    kiosk: {
      title: 'Kiosk', states: { in_service: 'Selling', paused: 'Paused', out_of_service: 'Out of service', starting: 'Starting' }, pause: 'Pause selling', pauseTitle: 'Pause selling?', pauseText: 'Whoever is buying may finish. New customers see the pause screen.', notice: 'What customers read', notices: { none: 'Nothing', stocktaking: 'Restocking', repair: 'Being repaired', back_soon: 'Back in ten minutes', closed: 'Closed for today', own: 'Write it yourself' }, ownNotice: { zh: 'In Chinese', en: 'In English' }, ownHint: 'One language is enough; the other gets a general sentence.', pauseYes: 'Yes, pause', paused: 'Paused: nobody new can order.',
      resume: 'Resume selling', resumed: 'Selling again.', restart: 'Restart', restartTitle: 'Restart this kiosk?', restartText: 'It is back in about a minute. No order and no stock is lost; you sign in again.', restartYes: 'Yes, restart', restarting: 'The kiosk is restarting…', reason: 'What the kiosk says',
    },
    day: {
      title: 'Close of day', close: 'Close the day and print', sureTitle: 'Close the day now?', sureText: 'The card terminal settles with the bank; payments up to now can then not be refunded here. It takes about a minute: do not switch anything off.', sureYes: 'Yes, close the day', running: 'The terminal is settling, please wait…', closed: (number) => `Day ${number} is closed.`, notPrinted: 'The report is stored but was not printed. Look at the printer, then print it again.', past: 'Earlier days', none: 'No day was closed yet.',
      report: (number) => `Report Z ${number}`, period: (from, to) => `${from} to ${to}`, orders: 'Orders', free: 'Free', refunded: 'Refunded', ours: 'Cards by our books', terminal: 'Cards by the terminal', noTerminal: 'The terminal gave no total', count: (count) => (count === 1 ? '1 item' : `${count} items`),
      agrees: 'They agree', more: (amount) => `Terminal has ${amount} more`, less: (amount) => `Terminal has ${amount} less`, unknown: 'Nothing to compare with', unsettled: (count) => (count === 1 ? '1 payment is still unclear' : `${count} payments are still unclear`), reprint: 'Print again', reprintName: (number) => `Print again report Z ${number}`, reprinted: 'The report is printed.',
    },
    audit: {
      title: 'What staff did', whole: 'The record is whole: nothing was changed', broken: 'The record does not add up: entries were removed or changed. Tell HQ at once.', none: 'Nothing yet.', older: 'Older', newest: 'Newest', nobody: 'Nobody signed in', outcomes: { begun: 'Begun', done: 'Done', refused: 'Not allowed', failed: 'Did not work' }, columns: { number: 'No.', at: 'Time', who: 'Staff', act: 'Act', subject: 'About', outcome: 'Outcome' },
      acts: {
        'staff.login': 'Signed in', 'staff.logout': 'Signed out', 'stock.fill': 'Put in', 'stock.count': 'Counted', 'stock.waste': 'Wasted', 'stock.finish': 'Finished restocking', 'stock.bring_print': 'Printed what to bring', 'logs.export': 'Exported logs', 'devices.new_roll': 'New paper', 'devices.recover_printer': 'Recovered the printer', 'devices.test_print': 'Test print',
        'devices.diagnose_terminal': 'Terminal diagnosis', 'devices.reconnect': 'Reconnected a device', 'devices.scan_test': 'Scanner test', 'day.close': 'Closed the day', 'day.reprint': 'Printed a Z report again', 'orders.reprint': 'Printed a receipt again', 'orders.refund': 'Refund', 'attention.decide': 'Settled an open matter', 'kiosk.pause': 'Paused selling', 'kiosk.resume': 'Resumed selling', 'kiosk.restart': 'Restarted',
      },
      lot: (bestBefore) => `lot of ${bestBefore}`, undatedLot: 'lot without a date',
    },
  },
};

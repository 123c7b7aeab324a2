import type { Language } from '../../../domain/language.ts';
import type { TrailStep } from '../../../domain/contract/staff.ts';

export type LogSpan = 'hour' | 'day' | 'week' | 'all';
export type LogWeight = 'all' | 'warn' | 'error';

export interface StaffLogsWords {
  readonly title: string; readonly refresh: string; readonly views: Readonly<Record<'lines' | 'faults', string>>; readonly view: string;
  readonly weight: string; readonly weights: Readonly<Record<LogWeight, string>>; readonly span: string; readonly spans: Readonly<Record<LogSpan, string>>;
  readonly levels: Readonly<Record<'info' | 'warn' | 'error', string>>;
  readonly source: string; readonly allSources: string; readonly sourceName: (source: string) => string;
  readonly search: string; readonly searchHint: string; readonly searching: (text: string) => string; readonly clear: string; readonly show: string; readonly ofOrder: string; readonly ofCode: (code: string) => string; readonly ofEvent: (event: string) => string; readonly drop: (what: string) => string;
  readonly follow: string; readonly following: string; readonly notFollowing: string; readonly none: string; readonly count: (shown: number, tookMs: number) => string; readonly older: string; readonly lookedBack: (time: string) => string; readonly goOn: string;
  readonly line: string; readonly fields: Readonly<Record<'time' | 'level' | 'source' | 'event' | 'code' | 'order' | 'message', string>>; readonly trail: string; readonly filterBy: (what: string) => string;
  readonly trailTitle: (number: string) => string; readonly trailOf: string; readonly trailNone: string; readonly trailSum: (steps: number) => string; readonly kinds: Readonly<Record<TrailStep['kind'], string>>; readonly toOrder: string;
  /** Names under which things are written, in words; what has none stands as it is. */
  readonly titles: Readonly<Record<string, string>>;
  readonly faultsNone: string; readonly faultOpen: string; readonly faultOver: string; readonly faultTimes: (times: number, since: string, last: string) => string; readonly toDo: string; readonly faultLines: string;
  readonly export: string; readonly exportTitle: string; readonly exportText: (what: string) => string; readonly exportNone: string; readonly exportAgain: string; readonly target: string; readonly kindsOfTarget: Readonly<Record<'usb' | 'folder', string>>; readonly free: (megabytes: string) => string;
  readonly write: string; readonly writing: string; readonly written: (file: string, entries: number) => string; readonly checksum: string; readonly unplug: string;
}

export const staffLogsWords: Readonly<Record<Language, StaffLogsWords>> = {
  zh: {
    title: '日志', refresh: '刷新', views: { lines: '全部记录', faults: '故障' }, view: '看什么',
    weight: '级别', weights: { all: '全部', warn: '警告以上', error: '只看错误' }, span: '时间', spans: { hour: '1 小时内', day: '24 小时内', week: '7 天内', all: '不限' },
    levels: { info: '信息', warn: '警告', error: '错误' },
    source: '来源', allSources: '全部来源',
    sourceName: (source) => ({ payments: '收款', printing: '打印', sync: '总部同步', devices: '设备', store: '数据库', kiosk: '主程序', page: '画面', staff: '员工', orders: '订单', speech: '语音', configuration: '配置', log: '日志' })[source] ?? source,
    search: '搜索', searchHint: '输入文字、编号或代码', searching: (text) => `搜索“${text}”`, clear: '清空', show: '显示', ofOrder: '只看一张订单', ofCode: (code) => `代码 ${code}`, ofEvent: (event) => `事件 ${event}`, drop: (what) => `去掉条件：${what}`,
    follow: '实时跟踪', following: '开', notFollowing: '关', none: '没有符合条件的记录。', count: (shown, tookMs) => `${shown} 条，用时 ${tookMs} 毫秒`, older: '更早的', lookedBack: (time) => `已经找到 ${time} 为止`, goOn: '继续往前找',
    line: '一条记录', fields: { time: '时间', level: '级别', source: '来源', event: '事件', code: '代码', order: '订单', message: '内容' }, trail: '看这张订单的全过程', filterBy: (what) => `只看${what}`,
    trailTitle: (number) => `${number} 号订单的全过程`, trailOf: '订单的全过程', trailNone: '这张订单没有留下记录。', trailSum: (steps) => `${steps} 步，按时间先后`, kinds: { log: '记录', event: '报总部', acknowledged: '总部收到', attempt: '刷卡', job: '任务', stock: '库存', attention: '待处理' }, toOrder: '看订单',
    titles: {
      'order.placed': '下单', 'order.state': '订单状态变了', 'payment.attempt': '刷卡状态', 'job.state': '任务状态', 'service.requested': '请求总部办理', 'stock.moved': '库存变动', 'feedback.given': '顾客评价', 'attention.raised': '要人处理', 'attention.decided': '已处理',
      'payment.begun': '开始刷卡', 'payment.ended': '刷卡结束', 'payment.cancel_asked': '顾客要取消付款', 'payment.resolved': '弄清了付款结果', 'payment.reversal_begun': '开始退款', 'payment.reversal': '退款结果', 'payment.no_answer': '刷卡机没说结果',
      'print.doing': '开始打印', 'print.done': '打印好了', 'print.failed': '没有打印成', 'print.uncertain': '不知道打印出来没有', 'print.lapsed': '等太久，不再打印', print_receipt: '打印小票', print_copy: '补打小票', print_kitchen: '打印厨房单', print_staff_slip: '打印员工单', request_service: '请求总部办理',
      acknowledged: '总部收到了', acknowledged_some_time: '总部收到了（时间不详）', 'stock.reserved': '占用库存', 'stock.released': '退回库存',
      'attempt.approved': '刷卡成功', 'attempt.declined': '刷卡被拒', 'attempt.cancelled': '刷卡取消', 'attempt.not_sent': '没有发到刷卡机', 'attempt.unknown': '刷卡结果未知', 'attempt.unclear': '刷卡结果不明', 'attempt.reversed': '已退款', 'attempt.reversing': '正在退款', 'attempt.not_paid': '没有付成',
      payment_unclear: '付款不明', reversal_refused: '退款被拒', print_uncertain: '不知道打印出来没有', service_refused: '总部没有办成', refund_refused: '部分退款被拒',
    },
    faultsNone: '没有故障。', faultOpen: '还没好', faultOver: '已经好了', faultTimes: (times, since, last) => `${times} 次，从 ${since} 起，最近 ${last}`, toDo: '怎么办', faultLines: '看相关记录',
    export: '导出', exportTitle: '导出日志', exportText: (what) => `把现在显示的范围（${what}）写成一个文件，另有一个校验文件。`, exportNone: '没有找到 U 盘。请插上，再按“重新找”。', exportAgain: '重新找', target: '写到哪里', kindsOfTarget: { usb: 'U 盘', folder: '文件夹' }, free: (megabytes) => `剩余 ${megabytes} MB`,
    write: '开始导出', writing: '正在写，请不要拔…', written: (file, entries) => `写好了：${file}，${entries} 条。`, checksum: '校验值 SHA-256', unplug: '现在可以拔下 U 盘。',
  },
  en: {
    title: 'Logs', refresh: 'Refresh', views: { lines: 'All lines', faults: 'Faults' }, view: 'What to see',
    weight: 'Level', weights: { all: 'All', warn: 'Warnings and errors', error: 'Errors only' }, span: 'Time', spans: { hour: 'Last hour', day: 'Last 24 hours', week: 'Last 7 days', all: 'All' },
    levels: { info: 'Info', warn: 'Warning', error: 'Error' },
    source: 'Source', allSources: 'All sources',
    sourceName: (source) => ({ payments: 'Payments', printing: 'Printing', sync: 'Sync with HQ', devices: 'Devices', store: 'Store', kiosk: 'Program', page: 'Screen', staff: 'Staff', orders: 'Orders', speech: 'Speech', configuration: 'Configuration', log: 'Log' })[source] ?? source,
    search: 'Search', searchHint: 'Words, an id or a code', searching: (text) => `Search “${text}”`, clear: 'Clear', show: 'Show', ofOrder: 'One order only', ofCode: (code) => `Code ${code}`, ofEvent: (event) => `Event ${event}`, drop: (what) => `Drop the filter: ${what}`,
    follow: 'Follow live', following: 'on', notFollowing: 'off', none: 'Nothing fits this filter.', count: (shown, tookMs) => `${shown} lines, ${tookMs} ms`, older: 'Older ones', lookedBack: (time) => `Looked back to ${time}`, goOn: 'Look further back',
    line: 'One line', fields: { time: 'Time', level: 'Level', source: 'Source', event: 'Event', code: 'Code', order: 'Order', message: 'Message' }, trail: 'All that happened to this order', filterBy: (what) => `Only ${what}`,
    trailTitle: (number) => `Order ${number}, from beginning to end`, trailOf: 'An order, from beginning to end', trailNone: 'Nothing is written down of this order.', trailSum: (steps) => `${steps} steps, in order of time`, kinds: { log: 'Log', event: 'To HQ', acknowledged: 'HQ has it', attempt: 'Card', job: 'Job', stock: 'Stock', attention: 'To decide' }, toOrder: 'To the order',
    titles: {
      'order.placed': 'Order placed', 'order.state': 'State of the order', 'payment.attempt': 'State of the card payment', 'job.state': 'State of a job', 'service.requested': 'Service asked of HQ', 'stock.moved': 'Stock moved', 'feedback.given': 'Feedback', 'attention.raised': 'A person is needed', 'attention.decided': 'Decided',
      'payment.begun': 'Card payment begun', 'payment.ended': 'Card payment ended', 'payment.cancel_asked': 'Customer wants to stop', 'payment.resolved': 'Outcome found out', 'payment.reversal_begun': 'Refund begun', 'payment.reversal': 'Outcome of the refund', 'payment.no_answer': 'Terminal does not tell',
      'print.doing': 'Printing', 'print.done': 'Printed', 'print.failed': 'Not printed', 'print.uncertain': 'Perhaps printed', 'print.lapsed': 'Waited too long, not printed', print_receipt: 'Print the receipt', print_copy: 'Print a copy', print_kitchen: "Print the kitchen's slip", print_staff_slip: "Print staff's slip", request_service: 'Ask HQ for the service',
      acknowledged: 'HQ has it', acknowledged_some_time: 'HQ has it (time not known)', 'stock.reserved': 'Pieces taken', 'stock.released': 'Pieces given back',
      'attempt.approved': 'Card: approved', 'attempt.declined': 'Card: declined', 'attempt.cancelled': 'Card: cancelled', 'attempt.not_sent': 'Card: never sent', 'attempt.unknown': 'Card: outcome not known', 'attempt.unclear': 'Card: unclear', 'attempt.reversed': 'Card: given back', 'attempt.reversing': 'Card: being given back', 'attempt.not_paid': 'Card: not paid',
      payment_unclear: 'Payment unclear', reversal_refused: 'Refund refused', print_uncertain: 'Perhaps printed', service_refused: 'HQ could not do it', refund_refused: 'Part refund refused',
    },
    faultsNone: 'Nothing is broken.', faultOpen: 'Still so', faultOver: 'Over', faultTimes: (times, since, last) => `${times === 1 ? 'once' : `${times} times`}, since ${since}, last ${last}`, toDo: 'What to do', faultLines: 'Its lines',
    export: 'Export', exportTitle: 'Export the log', exportText: (what) => `Writes what is shown (${what}) into one file, with a checksum beside it.`, exportNone: 'No stick was found. Put one in and press “Look again”.', exportAgain: 'Look again', target: 'Where to', kindsOfTarget: { usb: 'USB stick', folder: 'Folder' }, free: (megabytes) => `${megabytes} MB free`,
    write: 'Export', writing: 'Writing, do not pull it out…', written: (file, entries) => `Done: ${file}, ${entries === 1 ? '1 line' : `${entries} lines`}.`, checksum: 'SHA-256', unplug: 'The stick can be pulled out now.',
  },
};

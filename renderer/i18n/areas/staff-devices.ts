import type { Language } from '../../../domain/language.ts';

export interface StaffDevicesWords {
  readonly title: string; readonly refresh: string; readonly states: Readonly<Record<'ok' | 'attention' | 'fault', string>>; readonly kinds: Readonly<Record<string, string>>; readonly since: (time: string) => string; readonly detail: string;
  readonly reconnect: string; readonly reconnectName: (device: string) => string; readonly reconnected: (device: string) => string;
  readonly paper: string; readonly paperLeft: (metres: string) => string; readonly receiptsLeft: (count: number) => string; readonly paperUsed: (metres: string) => string; readonly paperUnknown: string; readonly newRoll: string; readonly newRollAsk: string; readonly newRollYes: string; readonly newRollDone: string; readonly waiting: (count: number) => string;
  readonly recover: string; readonly recovered: (printer: string) => string; readonly testPrint: string; readonly printStates: Readonly<Record<string, string>>;
  readonly diagnose: string; readonly diagnosed: (slips: number, clock: string | undefined) => string;
  readonly tests: string; readonly scanner: string; readonly touch: string; readonly screen: string; readonly sound: string;
  readonly kiosk: string; readonly facts: Readonly<Record<'id' | 'app' | 'hq' | 'waiting' | 'skew' | 'fingerprint' | 'free' | 'state', string>>; readonly online: string; readonly offline: string; readonly paused: string; readonly selling: string; readonly seconds: (seconds: string) => string; readonly megabytes: (megabytes: string) => string; readonly events: (count: number) => string;
  readonly scanTitle: string; readonly scanText: string; readonly scanNone: string; readonly scanRead: (kind: string, length: number, shown: string) => string; readonly scanSum: (count: number) => string; readonly scanKinds: Readonly<Record<string, string>>;
  readonly touchTitle: string; readonly touchText: string; readonly touchLeft: (left: number) => string; readonly touchDone: string; readonly touchEnd: string; readonly touchAgain: string;
  readonly screenTitle: string; readonly screenText: string; readonly screenBegin: string; readonly screenName: (colour: string) => string; readonly colours: Readonly<Record<'white' | 'black' | 'red' | 'green' | 'blue' | 'grey' | 'lines', string>>;
  readonly soundTitle: string; readonly soundText: string; readonly speakIn: Readonly<Record<Language, string>>; readonly sentence: Readonly<Record<Language, string>>; readonly volumes: Readonly<Record<'soft' | 'normal' | 'loud', string>>; readonly volume: string; readonly noVoice: string; readonly speaking: string; readonly heard: string;
}

const sentence = { zh: '您好，这是声音测试。一，二，三。', en: 'Hello, this is a test of the sound. One, two, three.' };

export const staffDevicesWords: Readonly<Record<Language, StaffDevicesWords>> = {
  zh: {
    title: '设备', refresh: '刷新', states: { ok: '正常', attention: '要留意', fault: '有故障' }, kinds: { receipt_printer: '打印机', card_terminal: '刷卡机', scanner: '扫码器' }, since: (time) => `从 ${time} 起`, detail: '详情',
    reconnect: '重新连接', reconnectName: (device) => `重新连接：${device}`, reconnected: (device) => `${device}：已经重新打开连接`,
    paper: '打印纸', paperLeft: (metres) => `大约还剩 ${metres} 米`, receiptsLeft: (count) => `大约还能打 ${count} 张小票`, paperUsed: (metres) => `这卷已用 ${metres} 米`, paperUnknown: '配置里没有写纸卷长度，算不出还剩多少。', newRoll: '换了新纸卷', newRollAsk: '真的装好了一卷新纸吗？用量会从零开始算。', newRollYes: '是，新的一卷', newRollDone: '好的，从新的一卷开始算。', waiting: (count) => `${count} 张等着打印`,
    recover: '让打印机恢复', recovered: (printer) => `打印机现在：${printer}`, testPrint: '打印测试页', printStates: { done: '测试页打印好了', queued: '测试页在排队，打印机好了就打', doing: '正在打印测试页', failed: '测试页没有打印成', uncertain: '不知道打印出来没有，请看一下', lapsed: '等太久，没有打印' },
    diagnose: '刷卡机自检', diagnosed: (slips, clock) => `刷卡机自检完成${clock ? `，它的时间是 ${clock}` : ''}${slips > 0 ? `，打印了 ${slips} 张单` : ''}。`,
    tests: '测试', scanner: '测扫码器', touch: '测触摸屏', screen: '测屏幕颜色', sound: '测声音',
    kiosk: '这台机器', facts: { id: '编号', app: '程序版本', hq: '总部', waiting: '等着上传', skew: '与总部时间差', fingerprint: '身份指纹', free: '硬盘剩余', state: '状态' }, online: '已连接', offline: '连不上，照常销售', paused: '已暂停', selling: '正在销售', seconds: (seconds) => `${seconds} 秒`, megabytes: (megabytes) => `${megabytes} MB`, events: (count) => `${count} 条`,
    scanTitle: '测扫码器', scanText: '把任意条码或二维码对准扫码器。测试时扫到的不会当真，一分钟后自动结束。中间的内容不显示。', scanNone: '还没有扫到。', scanRead: (kind, length, shown) => `${kind}，${length} 位：${shown}`, scanSum: (count) => `扫到 ${count} 次`, scanKinds: { offer: '在售商品', unknown_product: '不在售的商品', pickup_code: '取货码', payment_code: '付款码', staff_card: '员工卡', unknown_code: '其他' },
    touchTitle: '测触摸屏', touchText: '用手指把每一格都划过或点到。点不亮的地方就是坏的。', touchLeft: (left) => `还剩 ${left} 格`, touchDone: '每一格都能点到，触摸屏正常。', touchEnd: '结束', touchAgain: '再来一遍',
    screenTitle: '测屏幕颜色', screenText: '整个屏幕会依次变成一种颜色。请看有没有坏点、亮斑或偏色。点一下屏幕换下一种，最后自动回来。', screenBegin: '开始', screenName: (colour) => `${colour}，点一下换下一种`, colours: { white: '白', black: '黑', red: '红', green: '绿', blue: '蓝', grey: '灰', lines: '细线' },
    soundTitle: '测声音', soundText: '机器会说一句话。请听是否清楚、够不够响。', speakIn: { zh: '说中文', en: '说英文' }, sentence, volumes: { soft: '轻', normal: '正常', loud: '最响' }, volume: '音量', noVoice: '没有语音。请看语音程序是否装好。', speaking: '正在播放…', heard: '播放完了。没有听到的话，请检查喇叭和系统音量。',
  },
  en: {
    title: 'Devices', refresh: 'Refresh', states: { ok: 'Works', attention: 'Look at it', fault: 'Broken' }, kinds: { receipt_printer: 'Printer', card_terminal: 'Card terminal', scanner: 'Scanner' }, since: (time) => `since ${time}`, detail: 'In detail',
    reconnect: 'Reconnect', reconnectName: (device) => `Reconnect: ${device}`, reconnected: (device) => `${device}: the line was opened anew`,
    paper: 'Paper', paperLeft: (metres) => `about ${metres} m left`, receiptsLeft: (count) => `enough for about ${count} receipts`, paperUsed: (metres) => `${metres} m of this roll used`, paperUnknown: 'The configuration does not say how long a roll is, so what is left is not known.', newRoll: 'New roll put in', newRollAsk: 'Is there really a new roll in it? Its use is counted from nothing.', newRollYes: 'Yes, a new roll', newRollDone: 'Counted from a new roll.', waiting: (count) => `${count} waiting to be printed`,
    recover: 'Recover the printer', recovered: (printer) => `The printer is now: ${printer}`, testPrint: 'Print a test page', printStates: { done: 'The test page was printed', queued: 'The test page waits for the printer', doing: 'The test page is being printed', failed: 'The test page was not printed', uncertain: 'Perhaps it was printed: have a look', lapsed: 'It waited too long and was not printed' },
    diagnose: "Terminal's diagnosis", diagnosed: (slips, clock) => `The card terminal has finished its diagnosis${clock ? `; its clock says ${clock}` : ''}${slips > 0 ? `; it printed ${slips} slip${slips === 1 ? '' : 's'}` : ''}.`,
    tests: 'Tests', scanner: 'Test the scanner', touch: 'Test the touch', screen: 'Test the colours', sound: 'Test the sound',
    kiosk: 'This kiosk', facts: { id: 'Name', app: 'Version', hq: 'HQ', waiting: 'Waiting to be sent', skew: "Difference to HQ's clock", fingerprint: 'Fingerprint', free: 'Free on the disk', state: 'State' }, online: 'connected', offline: 'away; selling goes on', paused: 'paused', selling: 'selling', seconds: (seconds) => `${seconds} s`, megabytes: (megabytes) => `${megabytes} MB`, events: (count) => String(count),
    scanTitle: 'Test the scanner', scanText: 'Hold any code before the scanner. What is read means nothing now; the test ends by itself after a minute. The middle of it is never shown.', scanNone: 'Nothing was read yet.', scanRead: (kind, length, shown) => `${kind}, ${length} characters: ${shown}`, scanSum: (count) => (count === 1 ? 'read once' : `read ${count} times`), scanKinds: { offer: 'Product that is sold here', unknown_product: 'Product that is not sold here', pickup_code: 'Pickup code', payment_code: 'Payment code', staff_card: 'Staff card', unknown_code: 'Something else' },
    touchTitle: 'Test the touch', touchText: 'Stroke or tap every field. One that stays white is dead.', touchLeft: (left) => `${left} left`, touchDone: 'Every field was felt. The touch works.', touchEnd: 'End', touchAgain: 'Once more',
    screenTitle: 'Test the colours', screenText: 'The whole screen takes one colour after the other. Look for dead dots, bright spots and tints. A tap brings the next; after the last it comes back here.', screenBegin: 'Begin', screenName: (colour) => `${colour}, tap for the next`, colours: { white: 'White', black: 'Black', red: 'Red', green: 'Green', blue: 'Blue', grey: 'Grey', lines: 'Fine lines' },
    soundTitle: 'Test the sound', soundText: 'The kiosk says a sentence. Is it clear, and loud enough?', speakIn: { zh: 'In Chinese', en: 'In English' }, sentence, volumes: { soft: 'Soft', normal: 'Normal', loud: 'Loudest' }, volume: 'Volume', noVoice: 'There is no voice. See that the speech program is installed.', speaking: 'Speaking…', heard: "It has been played. If nothing was heard, check the loudspeaker and the system's volume.",
  },
};

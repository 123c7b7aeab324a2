import type { ErrorCode } from '../../../domain/contract/errors.ts';
import type { Language } from '../../../domain/language.ts';
import type { StaffRole } from '../../../domain/staff/role.ts';

export type StaffAreaId = 'stock' | 'orders' | 'devices' | 'logs' | 'kiosk' | 'day' | 'audit';
export type StaffOutReason = 'idle' | 'asked' | 'revoked' | 'lost';

/** The frame of the staff's part, and the way in. Its areas have files of their own beside this one; none of them is in a customer's chunk. */
export interface StaffWords {
  readonly roles: Readonly<Record<StaffRole, string>>;
  readonly areas: Readonly<Record<StaffAreaId, string>>;
  readonly tabs: string; readonly who: (name: string, role: string, number: string) => string; readonly leave: string; readonly leaveName: string;
  readonly toOther: string; readonly text: string; readonly textName: (size: string) => string; readonly textSizes: Readonly<Record<'normal' | 'large' | 'largest', string>>;
  readonly idle: (seconds: number) => string; readonly idleStay: string;
  readonly common: {
    readonly back: string; readonly again: string; readonly cancel: string; readonly done: string; readonly loading: string; readonly yes: string; readonly close: string; readonly more: string;
    readonly pieces: (count: number) => string;
  };
  readonly login: {
    readonly title: string; readonly number: string; readonly pin: string; readonly code: string; readonly codeHint: string; readonly recovery: string; readonly recoveryHint: string;
    readonly useRecovery: string; readonly useCode: string; readonly card: string; readonly useNumber: string; readonly scanHint: string; readonly next: string; readonly enter: string; readonly entering: string; readonly toShop: string;
    readonly wrong: (triesLeft: number) => string; readonly locked: (minutes: number) => string; readonly nobody: string; readonly filled: (digits: number) => string;
    readonly cardOver: string; readonly customer: string;
  };
  readonly out: Readonly<Record<StaffOutReason, string>>;
  /** What a request that failed means to whoever asked; `other` for what has no sentence of its own. */
  readonly trouble: Partial<Readonly<Record<ErrorCode, string>>> & { readonly other: string; readonly away: string };
}

export const staffWords: Readonly<Record<Language, StaffWords>> = {
  zh: {
    roles: { restocker: '补货员', technician: '维修员', manager: '店长' },
    areas: { stock: '补货', orders: '订单', devices: '设备', logs: '日志', kiosk: '营业', day: '日结', audit: '操作记录' },
    tabs: '工作内容', who: (name, role, number) => `${name}，${role}，工号 ${number}`, leave: '退出', leaveName: '退出，回到顾客画面',
    toOther: 'English', text: '字号', textName: (size) => `字号，现在是${size}`, textSizes: { normal: '标准', large: '大', largest: '特大' },
    idle: (seconds) => `${seconds} 秒后自动退出`, idleStay: '我还在',
    common: { back: '返回', again: '再试一次', cancel: '取消', done: '好了', loading: '正在读取…', yes: '确定', close: '关闭', more: '显示更多', pieces: (count) => `${count} 件` },
    login: {
      title: '员工登录', number: '工号', pin: '密码', code: '验证码', codeHint: '手机验证器上的 6 位数字', recovery: '恢复码', recoveryHint: '总部给的恢复码，每个只能用一次',
      useRecovery: '没带手机，用恢复码', useCode: '改用手机验证码', card: '员工卡已刷', useNumber: '改用工号', scanHint: '刷员工卡就不用输工号', next: '下一步', enter: '登录', entering: '正在核对…', toShop: '回到顾客画面',
      wrong: (triesLeft) => `不对，请再核对一遍。还可以试 ${triesLeft} 次，之后这个工号会锁住。`,
      locked: (minutes) => `试错太多，这个工号锁住了。${minutes} 分钟后再试，着急请打电话给总部。`,
      nobody: '这台机器还没有收到员工名单。请总部把名单发下来，联网后一两分钟就到。', filled: (digits) => `已输 ${digits} 位`, cardOver: '刷卡后过了一分钟，请再刷一次员工卡，或者改用工号。', customer: '有顾客正在用这台机器，等他付完再登录。',
    },
    out: { idle: '太久没人操作，已经自动退出。做过的都记下了。', asked: '已退出。', revoked: '总部停用了这个工号，请联系店长或总部。', lost: '机器刚才重新启动过，请重新登录。做过的都记下了。' },
    trouble: {
      STAFF_NOT_IN: '已经退出了，请重新登录。', STAFF_NOT_ALLOWED: '您的岗位不能做这一项，请找店长。', STAFF_UNKNOWN: '没有找到这一项，可能刚刚变过，请刷新再看。', ORDER_UNKNOWN: '没有找到这张订单。',
      ORDER_NOT_PAID: '这张订单没有付过钱。', PAYMENT_BUSY: '刷卡机正忙，等它做完再试。', PAYMENT_UNSETTLED: '还有一笔付款没有弄清楚，请先处理“待处理”里的那一笔。', PRINTER_NEEDED: '打印机现在不能打印，请先看一下纸和盖子。',
      DEVICE_CANNOT: '设备现在做不了，请看“设备”里的说明，过一会儿再试。', ATTENTION_UNKNOWN: '这一项已经处理过了。', DECISION_NOT_ALLOWED: '这一项不能这样处理。', EXPORT_FAILED: '没有写进去，请换一个 U 盘再试。',
      DISK_FULL: '机器的硬盘满了，请联系维修员。', OUT_OF_SERVICE: '机器现在停止服务，这一项暂时不能做。', AUDIT_BROKEN: '操作记录对不上，请马上告诉总部。',
      other: '这次没有做成，请再试一次。还是不行就联系维修员。', away: '机器一时没有回答，不知道做成了没有。请先看一眼结果，再决定要不要重做。',
    },
  },
  en: {
    roles: { restocker: 'Restocker', technician: 'Technician', manager: 'Manager' },
    areas: { stock: 'Restock', orders: 'Orders', devices: 'Devices', logs: 'Logs', kiosk: 'Kiosk', day: 'Day', audit: 'Audit' },
    tabs: 'Areas of work', who: (name, role, number) => `${name}, ${role}, number ${number}`, leave: 'Leave', leaveName: 'Leave, back to the customers’ screen',
    toOther: '中文', text: 'Text', textName: (size) => `Text size, now ${size}`, textSizes: { normal: 'normal', large: 'large', largest: 'largest' },
    idle: (seconds) => `Signed out in ${seconds} s`, idleStay: 'I am still here',
    common: { back: 'Back', again: 'Try again', cancel: 'Cancel', done: 'Done', loading: 'Reading…', yes: 'Yes', close: 'Close', more: 'Show more', pieces: (count) => (count === 1 ? '1 piece' : `${count} pieces`) },
    login: {
      title: 'Staff sign-in', number: 'Staff number', pin: 'PIN', code: 'Code', codeHint: 'The 6 digits of your authenticator app', recovery: 'Recovery code', recoveryHint: 'From HQ; each works once',
      useRecovery: 'No phone: use a recovery code', useCode: 'Use the app’s code', card: 'Staff card scanned', useNumber: 'Use a number instead', scanHint: 'Scan your staff card to skip the number', next: 'Next', enter: 'Sign in', entering: 'Checking…', toShop: 'Back to the customers’ screen',
      wrong: (triesLeft) => `That does not match. ${triesLeft === 1 ? '1 try' : `${triesLeft} tries`} left, then this number is locked.`,
      locked: (minutes) => `Too many tries: this number is locked. Try again in ${minutes === 1 ? '1 minute' : `${minutes} minutes`}, or call HQ if it is urgent.`,
      nobody: 'This kiosk has not been sent its staff yet. Ask HQ to send the list; once online it is here within a minute or two.', filled: (digits) => (digits === 1 ? '1 digit typed' : `${digits} digits typed`), cardOver: 'The card was scanned over a minute ago. Scan it again, or use your number.', customer: 'A customer is using this kiosk. Sign in when they are done.',
    },
    out: { idle: 'Nobody touched the screen for a while, so you were signed out. All you did is kept.', asked: 'You are signed out.', revoked: 'HQ has ended this staff number. Talk to your manager or to HQ.', lost: 'The kiosk has just restarted. Please sign in again; all you did is kept.' },
    trouble: {
      STAFF_NOT_IN: 'You are signed out. Please sign in again.', STAFF_NOT_ALLOWED: 'Your role cannot do this. Ask the manager.', STAFF_UNKNOWN: 'This was not found. It may just have changed: look again.', ORDER_UNKNOWN: 'This order was not found.',
      ORDER_NOT_PAID: 'This order was not paid.', PAYMENT_BUSY: 'The card terminal is busy. Wait until it is done, and try again.', PAYMENT_UNSETTLED: 'Another payment is still unclear. Settle that one first, under “Needs you”.', PRINTER_NEEDED: 'The printer cannot print now. Look at its paper and cover first.',
      DEVICE_CANNOT: 'The device cannot do this now. See what “Devices” says, and try again in a moment.', ATTENTION_UNKNOWN: 'This has been settled already.', DECISION_NOT_ALLOWED: 'This cannot be settled that way.', EXPORT_FAILED: 'It could not be written. Try another USB stick.',
      DISK_FULL: 'The kiosk’s disk is full. Call the technician.', OUT_OF_SERVICE: 'The kiosk is out of service, so this cannot be done now.', AUDIT_BROKEN: 'The record of what staff did does not add up. Tell HQ at once.',
      other: 'That did not work. Try once more, and call the technician if it still does not.', away: 'The kiosk did not answer in time, so it may or may not be done. Look before you press again.',
    },
  },
};

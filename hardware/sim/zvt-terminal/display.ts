export type TerminalPhase =
  | 'off'
  | 'not_registered'
  | 'idle'
  | 'present_card'
  | 'please_wait'
  | 'approved'
  | 'declined'
  | 'cancelled'
  | 'reversed'
  | 'hung';

export interface TerminalDisplay {
  readonly phase: TerminalPhase;
  /** "12.50", while a purchase is under way. */
  readonly amount: string | undefined;
  /** Two lines of at most sixteen characters, as on the device. */
  readonly zh: readonly [string, string];
  readonly en: readonly [string, string];
}

const texts: Readonly<Record<TerminalPhase, { readonly zh: string; readonly en: string }>> = {
  off: { zh: '', en: '' },
  not_registered: { zh: '等待收银机登录', en: 'Not registered' },
  idle: { zh: '欢迎使用', en: 'Ready' },
  present_card: { zh: '请刷卡或插卡', en: 'Present card' },
  please_wait: { zh: '请稍候', en: 'Please wait' },
  approved: { zh: '交易成功', en: 'Approved' },
  declined: { zh: '交易被拒绝', en: 'Declined' },
  cancelled: { zh: '交易已取消', en: 'Cancelled' },
  reversed: { zh: '交易已冲正', en: 'Reversed' },
  hung: { zh: '（无响应）', en: '(not responding)' },
};

/** @param amount minor units */
export function displayOf(phase: TerminalPhase, amount: number | undefined, currency: string): TerminalDisplay {
  const money = amount === undefined ? undefined : `${Math.floor(amount / 100)}.${String(amount % 100).padStart(2, '0')}`;
  const symbol = currency === '0978' ? 'EUR' : 'RMB';
  const first = money === undefined ? '' : `${symbol} ${money}`;
  return { phase, amount: money, zh: [first, texts[phase].zh], en: [first, texts[phase].en] };
}

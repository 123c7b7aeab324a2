import type { RuleFacts } from './facts.ts';
import type { Trouble } from './rule.ts';

/** HQ has said that nobody new begins. */
export function checkPaused({ isPaused }: RuleFacts): Trouble | undefined {
  return isPaused ? { code: 'kiosk_paused', text: { zh: '本机暂停服务，请稍后再来', en: 'This kiosk is taking a break. Please come back later' } } : undefined;
}

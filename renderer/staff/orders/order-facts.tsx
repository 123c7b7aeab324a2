import type { StaffOrder } from '../../../domain/contract/staff.ts';
import type { OrderState } from '../../../domain/order/order.ts';
import { staffOrdersWords } from '../../i18n/areas/staff-orders.ts';
import { CheckIcon, ClockIcon, CrossIcon, NoticeIcon } from '../../ui/icons.tsx';
import { useStaff } from '../staff-context.tsx';

const looks = { good: CheckIcon, bad: CrossIcon, warn: NoticeIcon, quiet: ClockIcon } as const;
const lookOf: Readonly<Record<OrderState, keyof typeof looks>> = {
  placed: 'quiet', awaiting_payment: 'quiet', paid: 'good', fulfilled: 'good', cancelled: 'quiet', expired: 'quiet', payment_unknown: 'warn', refunded: 'quiet',
};

/** The state of an order: a word and a sign besides the colour. */
export function StateMark({ state }: { readonly state: OrderState }) {
  const { language } = useStaff();
  const look = lookOf[state];
  const Icon = looks[look];
  return (
    <span className={`state-mark state-mark--${look}`}>
      <Icon />
      {staffOrdersWords[language].states[state]}
    </span>
  );
}

export function itemsLine({ items }: StaffOrder, language: 'zh' | 'en'): string {
  return items.map(({ name, quantity }) => (quantity === 1 ? name[language] : `${name[language]} ×${quantity}`)).join(language === 'zh' ? '、' : ', ');
}

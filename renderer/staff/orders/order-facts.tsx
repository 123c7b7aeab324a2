import type { StaffOrder } from '../../../domain/contract/staff.ts';
import type { OrderState } from '../../../domain/order/order.ts';
import { staffOrdersWords } from '../../i18n/areas/staff-orders.ts';
import { CheckIcon, ClockIcon, CrossIcon, NoticeIcon, ReturnedIcon } from '../../ui/icons.tsx';
import { useStaff } from '../staff-context.tsx';

/** What is over has no clock. */
const looks: Readonly<Record<OrderState, readonly [look: 'good' | 'warn' | 'quiet', icon: typeof CheckIcon]>> = {
  placed: ['quiet', ClockIcon], awaiting_payment: ['quiet', ClockIcon], paid: ['good', CheckIcon], fulfilled: ['good', CheckIcon], cancelled: ['quiet', CrossIcon], expired: ['quiet', CrossIcon],
  payment_unknown: ['warn', NoticeIcon], refunded: ['quiet', ReturnedIcon],
};

/** The state of an order: a word and a sign besides the colour. */
export function StateMark({ state }: { readonly state: OrderState }) {
  const { language } = useStaff();
  const [look, Icon] = looks[state];
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

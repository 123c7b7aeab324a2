import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Offer } from '../catalogue/offer.ts';
import { isWithin, nextOpening } from '../catalogue/window.ts';
import type { Bilingual } from '../language.ts';
import type { Moment } from '../time.ts';
import type { OfferRule } from './rule.ts';
import { inText } from './rule.ts';

/** Outside the hours of its category nothing of it is sold. */
export const checkOpeningHours: OfferRule = (facts, offer) => {
  const windows = windowsOf(facts.catalogue, offer);
  if (isWithin(windows, facts.moment)) return undefined;
  const { zh, en } = inText(offer.name);
  const when = inWords(facts.moment, nextOpening(windows ?? [], facts.moment));
  return { code: 'outside_hours', text: { zh: `现在不是${zh}的供应时间，${when.zh}开始供应`, en: `${en} is not served at this time. It starts ${when.en}` } };
};

function windowsOf({ categories }: Catalogue, { categoryId }: Offer) {
  return categories.find(({ id }) => id === categoryId)?.windows;
}

const minutesOfDay = 1440;
const weekdays: readonly Bilingual[] = [
  { zh: '周一', en: 'Monday' }, { zh: '周二', en: 'Tuesday' }, { zh: '周三', en: 'Wednesday' }, { zh: '周四', en: 'Thursday' },
  { zh: '周五', en: 'Friday' }, { zh: '周六', en: 'Saturday' }, { zh: '周日', en: 'Sunday' },
];

/**
 * A time to come as people say it: "今天 17:00" and "today at 17:00", tomorrow, a day of the next seven, and after that in how many days.
 * @param minutes from now; a clock that is changed in between for summer is not reckoned with
 */
export function inWords({ weekday, minute }: Moment, minutes: number): Bilingual {
  const at = minute + minutes;
  const days = Math.floor(at / minutesOfDay);
  const time = `${String(Math.floor((at % minutesOfDay) / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`;
  if (days === 0) return { zh: `今天 ${time} `, en: `today at ${time}` };
  if (days === 1) return { zh: `明天 ${time} `, en: `tomorrow at ${time}` };
  if (days > 7) return { zh: `${days} 天后`, en: `in ${days} days` };
  const day = weekdays[(weekday - 1 + days) % 7]!;
  return { zh: `${days === 7 ? '下' : ''}${day.zh} ${time} `, en: `${days === 7 ? 'next' : 'on'} ${day.en} at ${time}` };
}

import type { NamedAuditEntry } from '../../../domain/contract/staff.ts';
import type { Language } from '../../../domain/language.ts';
import { staffManageWords } from '../../i18n/areas/staff-manage.ts';
import { staffOrdersWords } from '../../i18n/areas/staff-orders.ts';

/** What an act was about, by the names that people know: an id stands only where the kiosk has no better word for it. */
export function aboutOf(row: NamedAuditEntry, language: Language): string {
  return [subjectOf(row, language), detailOf(row, language)].filter((part) => part !== '').join(' · ');
}

function subjectOf({ act, subject, names: { order, attention, offer, slot, medium } }: NamedAuditEntry, language: Language): string {
  const { of, attention: kinds } = staffOrdersWords[language];
  if (order !== undefined) return attention ? `${of(order)}: ${kinds[attention].title}` : of(order);
  if (offer) return slot === undefined ? offer[language] : `${slot} ${offer[language]}`;
  if (act === 'day.reprint' && /^\d+$/.test(subject)) return staffManageWords[language].day.report(Number(subject));
  return medium ?? subject;
}

/** Which move it was is no name of anything: the page that asked made it up, and what was moved stands there by its own. */
function detailOf({ act, detail, names: { offer, lot } }: NamedAuditEntry, language: Language): string {
  if (!act.startsWith('stock.')) return detail;
  const words = staffManageWords[language].audit;
  const withLot = lot ? detail.replace(/(^|, )lotId [\w-]+/, `$1${lot.bestBefore === undefined ? words.undatedLot : words.lot(lot.bestBefore)}`) : detail;
  return offer ? withLot.replace(/(^|, )moveId [\w-]+/, '').replace(/^(?:; |, )/, '') : withLot;
}

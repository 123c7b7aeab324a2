import { staffLogsWords } from '../../i18n/areas/staff-logs.ts';
import { ChoiceGroup } from '../../ui/choice-group.tsx';
import { useStaff } from '../staff-context.tsx';

/** All lines, or what is broken. */
export function ViewChoice({ view, onView }: { readonly view: 'lines' | 'faults'; readonly onView: (view: 'lines' | 'faults') => void }) {
  const { language } = useStaff();
  const text = staffLogsWords[language];
  return <ChoiceGroup className="log-choice" label={text.view} value={view} onChange={onView} items={(['lines', 'faults'] as const).map((id) => ({ id, content: text.views[id] }))} />;
}

import { staffLogsWords } from '../../i18n/areas/staff-logs.ts';
import { ChoiceGroup } from '../../ui/choice-group.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { Button } from '../button.tsx';
import { useStaff } from '../staff-context.tsx';

const all = '*';

/** Which part of the kiosk: all, or one of those that have said something. */
export function SourceSheet({ value, sources, onSource, onClose }: { readonly value: string | undefined; readonly sources: readonly string[]; readonly onSource: (source: string | undefined) => void; readonly onClose: () => void }) {
  const { language, words } = useStaff();
  const text = staffLogsWords[language];
  return (
    <Sheet label={text.source} onClose={onClose} size="tall">
      <h2 className="log-sheet__title">{text.source}</h2>
      <div className="log-sheet__content scrolls">
        <ChoiceGroup
          className="log-sources"
          label={text.source}
          value={value ?? all}
          onChange={(id) => onSource(id === all ? undefined : id)}
          items={[{ id: all, content: text.allSources }, ...sources.map((id) => ({ id, content: text.sourceName(id) }))]}
        />
      </div>
      <div className="log-sheet__actions">
        <Button onPress={onClose}>{words.common.close}</Button>
      </div>
    </Sheet>
  );
}

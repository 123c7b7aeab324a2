import { useState } from 'react';
import { TypedText } from '../../customer/feedback-typed-text.tsx';
import { staffLogsWords } from '../../i18n/areas/staff-logs.ts';
import { Keyboard } from '../../keyboard/keyboard.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { Button } from '../button.tsx';
import { useStaff } from '../staff-context.tsx';

/** Full text: every word must occur, in any language. */
export function SearchSheet({ value, onText, onClose }: { readonly value: string; readonly onText: (text: string) => void; readonly onClose: () => void }) {
  const { language, words } = useStaff();
  const text = staffLogsWords[language];
  const [typed, setTyped] = useState(value);
  return (
    <Sheet label={text.search} onClose={onClose} size="tall">
      <h2 className="log-sheet__title">{text.search}</h2>
      <div className="log-sheet__content scrolls">
        <TypedText label={text.search} hint={text.searchHint} value={typed} maxLength={200} lines={1} onChange={setTyped} />
        <Keyboard value={typed} onChange={setTyped} language={language} mode="text" label={text.search} maxLength={200} />
      </div>
      <div className="log-sheet__actions">
        <Button onPress={onClose}>{words.common.cancel}</Button>
        <Button onPress={() => setTyped('')}>{text.clear}</Button>
        <Button look="main" onPress={() => onText(typed)}>
          {text.show}
        </Button>
      </div>
    </Sheet>
  );
}

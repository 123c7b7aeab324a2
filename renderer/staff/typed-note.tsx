import { useState } from 'react';
import { Keyboard } from '../keyboard/keyboard.tsx';
import { useStaff } from './staff-context.tsx';

export interface TypedNoteProps {
  readonly label: string;
  readonly value: string;
  /** In UTF-16 code units. */
  readonly maxLength: number;
  readonly onChange: (value: string) => void;
  /** What the keyboard writes at first; the staff's own language where nothing is said. */
  readonly language?: 'zh' | 'en' | undefined;
  /** The keyboard waits until the field is touched: where the note is not what the sheet is about. */
  readonly isQuiet?: boolean;
}

/** A sentence in somebody's own words, with the keyboard on the screen; a real one writes here as well. */
export function TypedNote({ label, value, maxLength, onChange, language, isQuiet = false }: TypedNoteProps) {
  const { language: own } = useStaff();
  const [isTyping, setTyping] = useState(!isQuiet);
  const type = (next: string) => onChange(next.slice(0, maxLength));
  return (
    <div className="typed-note">
      <label className="typed-note__label">
        <span>{label}</span>
        <input className="typed-note__field" type="text" inputMode="none" autoComplete="off" spellCheck={false} lang={language === 'zh' ? 'zh-CN' : language} value={value} onFocus={() => setTyping(true)} onChange={({ target }) => type(target.value)} />
      </label>
      {isTyping ? <Keyboard value={value} onChange={type} language={language ?? own} mode="text" label={label} maxLength={maxLength} /> : null}
    </div>
  );
}

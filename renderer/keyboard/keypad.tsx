import { Group } from 'react-aria-components/Group';
import type { Language } from '../../domain/language.ts';
import { wordsOf } from '../i18n/language.ts';
import { EraseIcon } from '../ui/icons.tsx';
import { Key } from './key.tsx';
import './keypad.css';
import { useLatest } from './use-latest.ts';

export interface KeypadProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly language: Language;
  /** What is typed with it. */
  readonly label: string;
  readonly maxLength?: number | undefined;
  /** A further key at the place of "clear", such as the X of an identity card's number. */
  readonly extra?: string | undefined;
}

const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** Large keys for digits, in the order of a telephone. A real keyboard types into the field beside it. */
export function Keypad({ value, onChange, language, label, maxLength = 200, extra }: KeypadProps) {
  const words = wordsOf[language].details.keyboard;
  const press = useLatest((id: string) => {
    if (id === 'erase') onChange(value.slice(0, -1));
    else if (id === 'clear') onChange('');
    else if (value.length < maxLength) onChange(value + id);
  });
  return (
    <Group className="keypad" aria-label={`${words.keypad}: ${label}`}>
      {digits.map((digit) => (
        <Key key={digit} id={digit} onKey={press} label={digit} className="key--digit">
          {digit}
        </Key>
      ))}
      {extra === undefined ? (
        <Key id="clear" onKey={press} label={words.clear} className="key--word">
          {words.clear}
        </Key>
      ) : (
        <Key id={extra} onKey={press} label={extra} className="key--digit">
          {extra}
        </Key>
      )}
      <Key id="0" onKey={press} label="0" className="key--digit">
        0
      </Key>
      <Key id="erase" onKey={press} label={words.erase} className="key--word">
        <EraseIcon />
      </Key>
    </Group>
  );
}

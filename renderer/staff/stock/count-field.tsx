import { useState } from 'react';
import { staffStockWords } from '../../i18n/areas/staff-stock.ts';
import { Keypad } from '../../keyboard/keypad.tsx';
import { Button } from '../button.tsx';
import { MinusIcon, PlusIcon } from '../../ui/icons.tsx';
import { useStaff } from '../staff-context.tsx';

export interface CountFieldProps {
  readonly label: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly onChange: (value: number) => void;
}

/** A number that is stepped with a glove, or typed where it is far away. */
export function CountField({ label, value, least, most, onChange }: CountFieldProps) {
  const { language } = useStaff();
  const text = staffStockWords[language];
  const [isTyping, setTyping] = useState(false);
  const [typed, setTyped] = useState('');
  const within = (wanted: number) => Math.max(least, Math.min(most, wanted));
  const type = (next: string) => {
    setTyped(next);
    onChange(within(next === '' ? least : Number(next)));
  };
  return (
    <div className="count-field" role="group" aria-label={label}>
      <div className="count-field__row">
        <Button look="plain" className="count-field__step" label={text.fewer} disabled={value <= least} onPress={() => onChange(within(value - 1))}>
          <MinusIcon />
        </Button>
        <output className="count-field__value" aria-live="polite">
          {value}
        </output>
        <Button look="plain" className="count-field__step" label={text.more} disabled={value >= most} onPress={() => onChange(within(value + 1))}>
          <PlusIcon />
        </Button>
        <Button
          className="count-field__type"
          onPress={() => {
            setTyped('');
            setTyping(!isTyping);
          }}
        >
          {isTyping ? text.step : text.type}
        </Button>
      </div>
      {isTyping ? <Keypad value={typed} onChange={type} language={language} label={label} maxLength={5} /> : null}
    </div>
  );
}

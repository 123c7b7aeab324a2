import { useState } from 'react';
import { staffStockWords } from '../../i18n/areas/staff-stock.ts';
import { ChoiceGroup } from '../../ui/choice-group.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Stepper } from '../../ui/stepper.tsx';
import { useStaff } from '../staff-context.tsx';
import { addDays, daysBetween, stepDate } from './restock.ts';

export interface DateFieldProps {
  readonly choices: readonly string[];
  /** What was said of it last: named so. */
  readonly last: string | null | undefined;
  readonly today: string;
  /** It may have none. */
  readonly mayBeNone: boolean;
  /** Null: it has none. Undefined: not chosen yet. */
  readonly value: string | null | undefined;
  readonly onChange: (date: string | null) => void;
}

/** A best-before date by one tap where it is a likely one, and by steps where it is not: nothing is typed. */
export function DateField({ choices, last, today, mayBeNone, value, onChange }: DateFieldProps) {
  const { language } = useStaff();
  const text = staffStockWords[language];
  const [isOther, setOther] = useState(false);
  const chosen = isOther ? 'other' : value === null ? 'none' : value;
  const items = [
    ...choices.map((date) => ({
      id: date,
      content: (
        <>
          <span className="date-field__date">{date}</span>
          <small>{date === last ? text.lastDate : text.inDays(daysBetween(today, date))}</small>
        </>
      ),
    })),
    { id: 'other', content: text.otherDate },
    ...(mayBeNone ? [{ id: 'none', content: text.withoutDate }] : []),
  ];
  const shown = value ?? addDays(today, 7);
  return (
    <div className="date-field">
      <h3 className="date-field__label">{text.bestBefore}</h3>
      <ChoiceGroup
        label={text.bestBefore}
        className="date-field__choices"
        value={chosen}
        items={items}
        onChange={(id) => {
          setOther(id === 'other');
          onChange(id === 'none' ? null : id === 'other' ? shown : id);
        }}
      />
      {isOther ? (
        <div className="date-field__steps">
          {(['year', 'month', 'day'] as const).map((part, place) => {
            const number = Number(shown.split('-')[place]);
            return (
              <div key={part} className="date-field__part">
                <span aria-hidden="true">{text[part]}</span>
                <Stepper
                  label={text[part]}
                  value={number}
                  least={-1}
                  most={9999}
                  fewer={`${text[part]} −1`}
                  more={`${text[part]} +1`}
                  onChange={(next) => onChange(stepDate(shown, part, next > number ? 1 : -1))}
                />
              </div>
            );
          })}
        </div>
      ) : null}
      {value && value < today ? <Notice tone="warn">{text.past}</Notice> : null}
    </div>
  );
}

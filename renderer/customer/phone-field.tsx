import type { ReactNode } from 'react';
import { useId } from 'react';
import type { FormField } from '../../domain/catalogue/form.ts';
import { checkField, checkWhileTyping } from '../../domain/rules/form.ts';
import { Keypad } from '../keyboard/keypad.tsx';
import { formatPhone, isDistrictCode } from '../state/draft.ts';
import { CheckIcon, NoticeIcon } from '../ui/icons.tsx';
import { useVisit } from './kiosk-context.tsx';
import './phone-field.css';

const digitsOfANumber = 11;

/** The number, large and in groups, with its own pad. A real keyboard and a pasted number work as well. */
export function PhonePart({ field, value, tried }: { readonly field: FormField; readonly value: string; readonly tried: boolean }) {
  const { words, language, dispatch } = useVisit();
  const id = useId();
  const type = (typed: string) => dispatch({ kind: 'field_typed', fieldId: field.id, value: withoutCountry(typed) });
  const isWhole = value.length >= digitsOfANumber;
  const fault = isWhole || tried ? checkField(field, value, {}, isDistrictCode) : checkWhileTyping(field, value);
  const tone = fault ? 'bad' : isWhole ? 'good' : 'plain';
  const hint = fault?.text[language] ?? (isWhole ? words.details.phone.good : value === '' ? (field.hint?.[language] ?? words.offer.phoneHint) : words.details.phone.left(digitsOfANumber - value.length));
  return (
    <div className="phone-field">
      <label className="phone-field__label" htmlFor={id}>
        {field.label[language]}
      </label>
      <input
        id={id}
        className={`phone-field__input phone-field__input--${tone}`}
        type="text"
        inputMode="none"
        autoComplete="off"
        spellCheck={false}
        placeholder="1__ ____ ____"
        value={formatPhone(value)}
        onChange={(event) => type(event.target.value)}
        aria-describedby={`${id}-hint`}
        aria-invalid={fault !== undefined}
      />
      <p id={`${id}-hint`} className={`phone-field__hint phone-field__hint--${tone}`} role="status">
        {tone === 'bad' ? <NoticeIcon /> : tone === 'good' ? <CheckIcon /> : null}
        {hint}
      </p>
      <div className="offer-sheet__keys">
        <Keypad value={value} onChange={type} language={language} label={field.label[language]} maxLength={digitsOfANumber} />
      </div>
    </div>
  );
}

/** Shown again, as large as the screen allows: a number that was mistyped pays somebody else's bill. */
export function PhoneCheck({ value, children }: { readonly value: string; readonly children?: ReactNode }) {
  const { words } = useVisit();
  return (
    <div className="phone-check">
      <p className="phone-check__number">
        {/* Said digit by digit, in the groups that people speak. */}
        <span className="unseen">{formatPhone(value).split('').join(' ')}</span>
        <span aria-hidden="true">
          {formatPhone(value).split(' ').map((group, place) => (
            <span key={place} className="phone-check__group">
              {group}
            </span>
          ))}
        </span>
      </p>
      {children}
      <p className="phone-check__text">{words.details.phone.checkText}</p>
    </div>
  );
}

/** "+86 139 1234 5678" is 13912345678: people paste and dictate numbers that way. */
export function withoutCountry(typed: string): string {
  const digits = typed.replace(/\D/g, '');
  return digits.length > digitsOfANumber ? digits.replace(/^(00)?86(?=1\d{10}$)/, '') : digits;
}

import { isPhoneNumber } from '../../domain/rules/rules.ts';
import type { Words } from '../i18n/words.ts';
import { formatPhone } from '../state/draft.ts';
import { classNames } from '../ui/class-names.ts';
import { EraseIcon } from '../ui/icons.tsx';
import { useVisit } from './kiosk-context.tsx';
import './phone-field.css';

const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** The number, large and in groups, with its own pad: no keyboard hangs on a kiosk. A real keyboard works as well. */
export function PhoneField({ digits, tried }: { readonly digits: string; readonly tried: boolean }) {
  const { words, dispatch } = useVisit();
  const type = (value: string) => dispatch({ kind: 'phone_typed', value });
  const { tone, text } = hintOf(words, digits, tried);
  return (
    <div className="phone-field">
      <label className="phone-field__label" htmlFor="phone">
        {words.offer.phone}
      </label>
      <div className={classNames('phone-field__box', `phone-field__box--${tone}`)}>
        <input
          id="phone"
          className="phone-field__input"
          type="text"
          inputMode="none"
          autoComplete="off"
          spellCheck={false}
          placeholder="1__ ____ ____"
          value={formatPhone(digits)}
          onChange={(event) => type(event.target.value)}
          aria-describedby="phone-hint"
          aria-invalid={tone === 'bad'}
        />
      </div>
      <p id="phone-hint" className={`phone-field__hint phone-field__hint--${tone}`} role="status">
        {text}
      </p>
      <div className="phone-field__pad" role="group" aria-label={words.offer.keypad}>
        {keys.map((key) => (
          <button key={key} type="button" className="phone-field__key" onClick={() => type(digits + key)}>
            {key}
          </button>
        ))}
        <button type="button" className="phone-field__key phone-field__key--word" onClick={() => type('')}>
          {words.offer.clear}
        </button>
        <button type="button" className="phone-field__key" onClick={() => type(`${digits}0`)}>
          0
        </button>
        <button type="button" className="phone-field__key phone-field__key--word" aria-label={words.offer.erase} onClick={() => type(digits.slice(0, -1))}>
          <EraseIcon />
        </button>
      </div>
    </div>
  );
}

/** A wrong beginning is told at once, a missing rest only when the customer tries to go on. */
function hintOf(words: Words, digits: string, tried: boolean): { readonly tone: 'plain' | 'good' | 'bad'; readonly text: string } {
  if (!/^(1([3-9]|$)|$)/.test(digits)) return { tone: 'bad', text: words.offer.phoneInvalid };
  if (isPhoneNumber(digits)) return { tone: 'good', text: words.offer.phoneGood };
  return tried ? { tone: 'bad', text: words.offer.phoneMissing } : { tone: 'plain', text: words.offer.phoneHint };
}

import type { OptionGroup as Group } from '../../domain/catalogue/catalogue.ts';
import { formatMoney, money } from '../../domain/money.ts';
import { classNames } from '../ui/class-names.ts';
import { CheckIcon } from '../ui/icons.tsx';
import { useShop } from './kiosk-context.tsx';
import './option-group.css';

export interface OptionGroupProps {
  readonly group: Group;
  readonly chosen: readonly string[];
  readonly tried: boolean;
}

/** "One of" is a radio group, everything else check boxes; each choice is a chip as large as a finger. */
export function OptionGroup({ group, chosen, tried }: OptionGroupProps) {
  const { words, language, shopfront, dispatch } = useShop();
  const one = group.min === 1 && group.max === 1;
  const missing = chosen.length < group.min;
  const hint = one ? words.offer.pickOne : group.min === 0 ? words.offer.pickUpTo(group.max) : words.offer.pickAtLeast(group.min, group.max);
  return (
    <fieldset className={classNames('option-group', tried && missing && 'option-group--missing')}>
      <legend className="option-group__name">
        {group.name[language]} <small>{tried && missing ? words.offer.pickMissing : hint}</small>
      </legend>
      <div className="option-group__choices">
        {group.choices.map((choice) => (
          <label key={choice.id} className="choice">
            <input
              className="choice__input"
              type={one ? 'radio' : 'checkbox'}
              name={group.id}
              checked={chosen.includes(choice.id)}
              onChange={() => dispatch({ kind: 'choice_switched', groupId: group.id, choiceId: choice.id })}
            />
            <CheckIcon className="choice__check" />
            <span>{choice.name[language]}</span>
            {choice.price > 0 ? <span className="choice__price">{`+${formatMoney(money(choice.price, shopfront.catalogue.currency)).replace(/\.00$/, '')}`}</span> : null}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

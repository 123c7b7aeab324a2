import { useId } from 'react';
import type { Choice, OptionGroup as Group } from '../../domain/catalogue/offer.ts';
import { formatMoney, money } from '../../domain/money.ts';
import { isChoiceGone } from '../../domain/rules/options.ts';
import { isFull, stillOffered } from '../state/draft.ts';
import { ChoiceGroup } from '../ui/choice-group.tsx';
import { classNames } from '../ui/class-names.ts';
import { CheckIcon } from '../ui/icons.tsx';
import { Picture } from '../ui/picture.tsx';
import { Stepper } from '../ui/stepper.tsx';
import { useFacts, useShop } from './kiosk-context.tsx';
import './option-group.css';

export interface OptionGroupProps {
  readonly group: Group;
  readonly chosen: readonly string[];
  readonly tried: boolean;
}

/** A group among others on the offer's page, with its name. */
export function OptionGroup({ group, chosen, tried }: OptionGroupProps) {
  const { language } = useShop();
  return (
    <section className="option-group">
      <h3 className="option-group__name">{group.name[language]}</h3>
      <GroupHint group={group} chosen={chosen} tried={tried} />
      <GroupChoices group={group} chosen={chosen} look={group.choices.some(({ picture }) => picture) ? 'pictures' : 'chips'} />
    </section>
  );
}

/** How many to choose, and what they cost; what is missing once the customer tried to go on. */
export function GroupHint({ group, chosen: before, tried }: OptionGroupProps) {
  const { words, shopfront } = useShop();
  const chosen = stillOffered(group, before);
  const { min, max, repeats, free, beyondFree } = group;
  const isMissing = tried && chosen.length < min;
  const each = formatMoney(money(beyondFree, shopfront.catalogue.currency));
  const price = beyondFree === 0 || free >= max ? '' : free === 0 ? words.details.eachCosts(each) : words.details.freeThenEach(free, each);
  const rule = min === 1 && max === 1 ? words.offer.pickOne : min === max ? (repeats ? words.details.chooseExactly : words.offer.pickExactly)(max) : min === 0 ? (repeats ? words.details.chooseMost : words.offer.pickUpTo)(max) : words.offer.pickAtLeast(min, max);
  const count = max > 1 ? words.details.chosen(chosen.length, max) : '';
  // With nothing else left there is nothing to take one off for.
  const isClosed = isFull(group, chosen) && (group.repeats || group.choices.some(({ id }) => !chosen.includes(id)));
  return (
    <p className={classNames('option-group__hint', isMissing && 'option-group__hint--missing', isClosed && 'option-group__hint--full')}>
      <span>
        {isMissing ? words.offer.pickMissing : isClosed ? '' : rule}
        {/* Always there: what comes into it is spoken. */}
        <span id={fullId(group)} aria-live="polite">
          {isClosed ? words.details.chosenAll : ''}
        </span>
      </span>
      {price === '' ? null : <span className="option-group__rate">{price}</span>}
      {count === '' ? null : (
        <span className="option-group__count" aria-live="polite">
          {count}
        </span>
      )}
    </p>
  );
}

/** Of what says why no more can be chosen: each choice that cannot be refers to it. */
function fullId(group: Group): string {
  return `full-${group.id}`;
}

export interface GroupChoicesProps {
  readonly group: Group;
  readonly chosen: readonly string[];
  /** `tiles`: large pictures, for a step of a combo. */
  readonly look: 'chips' | 'pictures' | 'tiles';
}

/** "One of" are radios, several are check boxes, and what may be taken several times has a counter of its own. */
export function GroupChoices({ group, chosen: before, look }: GroupChoicesProps) {
  const { language, words, shopfront, dispatch } = useShop();
  const chosen = stillOffered(group, before);
  const facts = useFacts();
  const name = group.name[language];
  const isGone = (choice: Choice) => facts !== undefined && isChoiceGone(facts, choice);
  const priceOf = (choice: Choice) => (choice.price > 0 ? `+${formatMoney(money(choice.price, shopfront.catalogue.currency)).replace(/\.00$/, '')}` : '');
  const choose = (choiceId: string) => dispatch({ kind: 'choice_switched', groupId: group.id, choiceId });
  const content = (choice: Choice) => <ChoiceContent choice={choice} price={priceOf(choice)} gone={isGone(choice)} look={look} />;
  const labelOf = (choice: Choice) => [choice.name[language], isGone(choice) ? words.details.soldOut : priceOf(choice)].filter(Boolean).join(' ');
  const className = classNames('option-group__choices', `option-group__choices--${look}`);
  if (group.repeats) {
    return (
      <ul className={className} aria-label={name}>
        {group.choices.map((choice) => {
          const count = chosen.filter((id) => id === choice.id).length;
          return (
            <li key={choice.id} className={classNames('choice', 'choice--counted', count > 0 && 'choice--chosen', isGone(choice) && 'choice--gone')}>
              <span className="choice__content">{content(choice)}</span>
              <Stepper
                label={labelOf(choice)}
                value={count}
                least={0}
                most={isGone(choice) ? count : count + group.max - chosen.length}
                fewer={words.details.takeOneLess(choice.name[language])}
                more={words.details.takeOneMore(labelOf(choice))}
                onChange={(next) => dispatch({ kind: 'choice_counted', groupId: group.id, choiceId: choice.id, count: next })}
              />
            </li>
          );
        })}
      </ul>
    );
  }
  if (group.min === 1 && group.max === 1) {
    const items = group.choices.map((choice) => ({ id: choice.id, label: labelOf(choice), content: content(choice), disabled: isGone(choice) && !chosen.includes(choice.id) }));
    return <ChoiceGroup label={name} className={className} items={items} value={chosen[0]} onChange={choose} />;
  }
  return (
    <div className={classNames('choice-group', className)} role="group" aria-label={name}>
      {group.choices.map((choice) => {
        const isChosen = chosen.includes(choice.id);
        return (
          <CheckBox key={choice.id} label={labelOf(choice)} isSelected={isChosen} disabled={isGone(choice) && !isChosen} closedBy={!isChosen && isFull(group, chosen) ? fullId(group) : undefined} onChange={() => choose(choice.id)}>
            {content(choice)}
          </CheckBox>
        );
      })}
    </div>
  );
}

function ChoiceContent({ choice, price, gone, look }: { readonly choice: Choice; readonly price: string; readonly gone: boolean; readonly look: GroupChoicesProps['look'] }) {
  const { language, words } = useShop();
  return (
    <>
      {look !== 'chips' && choice.picture ? (
        <span className="option-group__picture">
          <Picture picture={choice.picture} language={language} />
        </span>
      ) : null}
      <span className="option-group__words">
        <span>{choice.name[language]}</span>
        {gone ? <small className="option-group__gone">{words.details.soldOut}</small> : price === '' ? null : <small className="option-group__price">{price}</small>}
      </span>
    </>
  );
}

export interface CheckBoxProps {
  readonly label?: string;
  readonly isSelected: boolean;
  readonly disabled?: boolean;
  /** The id of what says why it cannot be ticked now: keys and voice still come to it, and hear that. */
  readonly closedBy?: string | undefined;
  readonly describedBy?: string | undefined;
  readonly invalid?: boolean;
  readonly onChange: (isSelected: boolean) => void;
  readonly children: React.ReactNode;
}

/** The platform's own check box, lying unseen over the whole of what it looks like: its target is as large as it seems. */
export function CheckBox({ label, isSelected, disabled = false, closedBy, describedBy, invalid = false, onChange, children }: CheckBoxProps) {
  const id = useId();
  return (
    <label className="choice choice--box" htmlFor={id} data-selected={isSelected || undefined} data-disabled={disabled || closedBy !== undefined || undefined}>
      <input
        id={id}
        className="choice__input"
        type="checkbox"
        checked={isSelected}
        disabled={disabled}
        aria-label={label}
        aria-disabled={closedBy === undefined ? undefined : true}
        aria-describedby={closedBy ?? describedBy}
        aria-invalid={invalid || undefined}
        onChange={(event) => (closedBy === undefined ? onChange(event.target.checked) : undefined)}
      />
      <span className="choice__content">{children}</span>
      <span className="choice__mark choice__mark--box" aria-hidden="true">
        <CheckIcon />
      </span>
    </label>
  );
}

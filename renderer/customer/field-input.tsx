import type { Ref } from 'react';
import { useEffect, useId, useRef } from 'react';
import type { FormField } from '../../domain/catalogue/form.ts';
import type { FieldFault } from '../../domain/rules/form.ts';
import { Button } from '../ui/button.tsx';
import { ChoiceGroup } from '../ui/choice-group.tsx';
import { classNames } from '../ui/class-names.ts';
import { NoticeIcon } from '../ui/icons.tsx';
import { postcodeBeginning, shownValue, typedValue } from './field-kinds.ts';
import { useVisit } from './kiosk-context.tsx';

export interface FieldInputProps {
  readonly field: FormField;
  readonly value: string;
  /** Whether the page's title has said its name already. */
  readonly isAlone: boolean;
  /** The district of the same form, for a postcode's hint. */
  readonly district: string;
  readonly fault: FieldFault | undefined;
  readonly isActive: boolean;
  readonly onActive: () => void;
  readonly onChange: (value: string) => void;
  readonly ref: Ref<HTMLElement>;
}

/** One field: its name, what to write there, the place for it, and what is the matter right below. */
export function FieldInput({ field, value, isAlone, district, fault, isActive, onActive, onChange, ref }: FieldInputProps) {
  const { words, language } = useVisit();
  const id = useId();
  const label = field.label[language];
  const beginning = field.kind === 'postcode' ? postcodeBeginning(district) : undefined;
  const hint = field.hint?.[language] ?? (beginning === undefined ? undefined : words.details.fields.postcodeBegins(beginning));
  const written = useRef<HTMLParagraphElement>(null);
  const said = fault?.text[language];
  // What is wrong must be seen above the keys, as the field itself is.
  useEffect(() => {
    if (isActive && said !== undefined) written.current?.scrollIntoView({ block: 'nearest' });
  }, [isActive, said]);
  const note = (
    <p id={`${id}-note`} ref={written} className={classNames('field__note', fault && 'field__note--bad')} role="status">
      {fault ? <NoticeIcon /> : null}
      {said ?? hint}
    </p>
  );
  const name = (
    <>
      {label}
      {field.required ? null : <small className="field__optional">{words.details.optional}</small>}
    </>
  );
  // The keys go while something is chosen: they would cover what is below it.
  const choose = (choiceId: string) => {
    onActive();
    onChange(choiceId);
  };
  if (field.kind === 'choice') {
    return (
      <div className="field" ref={ref as Ref<HTMLDivElement>} tabIndex={-1}>
        <h3 className={isAlone && field.required ? 'unseen' : 'field__label'}>{name}</h3>
        <ChoiceGroup label={label} items={field.choices.map((choice) => ({ id: choice.id, content: choice.label[language] }))} value={value === '' ? undefined : value} onChange={choose} />
        {note}
      </div>
    );
  }
  return (
    <div className={classNames('field', isActive && 'field--active', fault && 'field--bad')}>
      <label className={isAlone && field.required ? 'unseen' : 'field__label'} htmlFor={id}>
        {name}
      </label>
      <div className="field__box">
        <input
          id={id}
          ref={ref as Ref<HTMLInputElement>}
          className="field__input"
          type="text"
          inputMode="none"
          autoComplete="off"
          spellCheck={false}
          value={shownValue(field, value)}
          onChange={(event) => onChange(typedValue(field, event.target.value))}
          onFocus={onActive}
          aria-describedby={`${id}-note`}
          aria-invalid={fault !== undefined}
          aria-required={field.required}
        />
        {beginning !== undefined && value === '' && isActive ? (
          <Button className="field__offer" onPress={() => onChange(beginning)}>
            {words.details.fields.fillInDigits(beginning)}
          </Button>
        ) : null}
      </div>
      {note}
    </div>
  );
}

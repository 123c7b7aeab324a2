import { useId } from 'react';
import type { FormField } from '../../domain/catalogue/form.ts';
import { textIn } from '../i18n/language.ts';
import './consent-part.css';
import { useVisit } from './kiosk-context.tsx';
import { MoreBelow } from './more-below.tsx';
import { CheckBox } from './option-group.tsx';

export interface ConsentPartProps {
  readonly field: Extract<FormField, { kind: 'consent' }>;
  readonly value: string;
  readonly tried: boolean;
}

/** The whole text, and one box that nobody has ticked before the customer. The version that was read is what is kept; its name means nothing to who reads it. */
export function ConsentPart({ field, value, tried }: ConsentPartProps) {
  const { words, language, dispatch } = useVisit();
  const id = useId();
  const isGiven = value === field.version;
  return (
    <div className="consent">
      <h3 className="consent__name" id={id}>
        {field.label[language]}
      </h3>
      {/* Reached by keys too, so that it can be scrolled by them. */}
      <div className="consent__text" role="region" aria-labelledby={id} tabIndex={0}>
        {textIn(language, field.text)
          .split('\n')
          .filter((paragraph) => paragraph.trim() !== '')
          .map((paragraph, place) => (
            <p key={place}>{paragraph}</p>
          ))}
      </div>
      <MoreBelow />
      {field.hint ? <p className="consent__hint">{field.hint[language]}</p> : null}
      <CheckBox isSelected={isGiven} describedBy={id} invalid={tried && !isGiven} onChange={(given) => dispatch({ kind: 'field_typed', fieldId: field.id, value: given ? field.version : '' })}>
        {words.details.consent.agree}
      </CheckBox>
    </div>
  );
}

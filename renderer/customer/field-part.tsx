import { useEffect, useRef, useState } from 'react';
import type { FormField } from '../../domain/catalogue/form.ts';
import { checkField, checkWhileTyping } from '../../domain/rules/form.ts';
import { Keyboard } from '../keyboard/keyboard.tsx';
import { Keypad } from '../keyboard/keypad.tsx';
import { isDistrictCode } from '../state/draft.ts';
import { FieldInput } from './field-input.tsx';
import { mostOfField, padOf } from './field-kinds.ts';
import './field-part.css';
import { useVisit } from './kiosk-context.tsx';

export interface FieldsPartProps {
  readonly fields: readonly FormField[];
  readonly form: Readonly<Record<string, string>>;
  readonly tried: boolean;
}

/** A few fields on one page; below them the keys of the one that is being filled in. */
export function FieldsPart({ fields, form, tried }: FieldsPartProps) {
  const { language, dispatch } = useVisit();
  const typeable = fields.filter((field) => padOf(field) !== 'none');
  const [activeId, setActiveId] = useState(() => (typeable.find(({ id }) => (form[id] ?? '') === '') ?? (typeable.length === fields.length ? typeable[0] : undefined))?.id);
  /** What was left with something in it may be judged as a whole. */
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const inputs = useRef(new Map<string, HTMLElement>());
  const active = typeable.find(({ id }) => id === activeId);
  const type = (fieldId: string, value: string) => dispatch({ kind: 'field_typed', fieldId, value });
  const faultOf = (field: FormField) => {
    const value = form[field.id] ?? '';
    const wasLeft = left.has(field.id) && field.id !== active?.id && value !== '';
    return tried || wasLeft ? checkField(field, value.trim(), form, isDistrictCode) : checkWhileTyping(field, value);
  };

  // The first thing that is missing is where the customer is taken, once for each try.
  const firstFault = tried ? fields.find((field) => faultOf(field))?.id : undefined;
  const wasTried = useRef(false);
  useEffect(() => {
    if (tried && !wasTried.current && firstFault !== undefined) {
      setActiveId(firstFault);
      inputs.current.get(firstFault)?.focus();
    }
    wasTried.current = tried;
  }, [tried, firstFault]);

  return (
    <div className="fields">
      <div className="fields__list">
        {fields.map((field) => (
          <FieldInput
            key={field.id}
            field={field}
            value={form[field.id] ?? ''}
            isAlone={fields.length === 1}
            district={form['district'] ?? ''}
            fault={faultOf(field)}
            isActive={field.id === active?.id}
            onActive={() => {
              if (active && active.id !== field.id) setLeft(new Set([...left, active.id]));
              setActiveId(field.id);
            }}
            onChange={(value) => type(field.id, value)}
            ref={(input) => {
              if (input) inputs.current.set(field.id, input);
              return () => void inputs.current.delete(field.id);
            }}
          />
        ))}
      </div>
      {active ? (
        <div className="offer-sheet__keys" key={active.id}>
          {padOf(active) === 'keypad' ? (
            <Keypad
              value={form[active.id] ?? ''}
              onChange={(value) => type(active.id, value)}
              language={language}
              label={active.label[language]}
              maxLength={mostOfField(active)}
              extra={active.kind === 'id_card' ? 'X' : undefined}
            />
          ) : (
            <Keyboard
              value={form[active.id] ?? ''}
              onChange={(value) => type(active.id, value)}
              language={language}
              mode="text"
              label={active.label[language]}
              names={active.kind === 'name'}
              maxLength={mostOfField(active)}
            />
          )}
        </div>
      ) : null}
    </div>
  );
}

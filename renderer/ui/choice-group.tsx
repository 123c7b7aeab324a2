import type { ReactNode } from 'react';
import { ToggleButton } from 'react-aria-components/ToggleButton';
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup';
import './choice-group.css';
import { classNames } from './class-names.ts';
import { CheckIcon } from './icons.tsx';

export interface ChoiceItem<Id extends string> {
  readonly id: Id;
  /** Its whole name, where what stands on it is not enough by itself. */
  readonly label?: string | undefined;
  readonly content: ReactNode;
  readonly disabled?: boolean;
}

export interface ChoiceGroupProps<Id extends string> {
  readonly label: string;
  readonly items: readonly ChoiceItem<Id>[];
  /** Undefined while nothing is chosen yet. */
  readonly value: Id | undefined;
  readonly onChange: (id: Id) => void;
  readonly className?: string | undefined;
}

/** One of several, as large tiles: radios by role, each of them as large as it looks. The chosen one has a mark besides its colour. */
export function ChoiceGroup<Id extends string>({ label, items, value, onChange, className }: ChoiceGroupProps<Id>) {
  return (
    <ToggleButtonGroup
      aria-label={label}
      className={classNames('choice-group', className)}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={value === undefined ? [] : [value]}
      onSelectionChange={(keys) => {
        const chosen = items.find(({ id }) => keys.has(id));
        if (chosen) onChange(chosen.id);
      }}
    >
      {items.map((item) => (
        <ToggleButton key={item.id} id={item.id} className="choice" isDisabled={item.disabled ?? false} {...(item.label === undefined ? {} : { 'aria-label': item.label })}>
          <span className="choice__content">{item.content}</span>
          <span className="choice__mark" aria-hidden="true">
            <CheckIcon />
          </span>
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}

import type { ReactNode } from 'react';
import {
  Button, Checkbox as AriaCheckbox, ComboBox, FieldError, Group, Input, Label, ListBox, ListBoxItem, NumberField as AriaNumberField, Popover, Select, SelectValue,
  Switch as AriaSwitch, Text, TextArea, TextField as AriaTextField,
} from 'react-aria-components';
import { Icon } from './icon.tsx';

interface FieldProps<T> {
  readonly label: string;
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly error?: string | undefined;
  readonly hint?: string | undefined;
  readonly isRequired?: boolean;
  readonly isDisabled?: boolean;
  readonly name?: string;
}

interface TextFieldProps extends FieldProps<string> {
  readonly type?: 'text' | 'search' | 'email' | 'password' | 'url' | 'tel' | 'date' | 'datetime-local' | 'time';
  readonly multiline?: boolean;
  readonly placeholder?: string;
  readonly autoComplete?: string;
  readonly inputMode?: 'text' | 'numeric' | 'decimal' | 'email' | 'search' | 'tel' | 'url';
  readonly maxLength?: number;
  readonly autoFocus?: boolean;
  readonly isReadOnly?: boolean;
}

export function TextField({ label, value, onChange, type = 'text', error, hint, isRequired = false, isDisabled = false, multiline = false, placeholder, autoComplete, inputMode, maxLength, autoFocus = false, isReadOnly = false, name }: TextFieldProps) {
  return (
    <AriaTextField
      className="k-field" value={value} onChange={onChange} type={type === 'date' || type === 'datetime-local' || type === 'time' ? 'text' : type} isRequired={isRequired} isDisabled={isDisabled} isReadOnly={isReadOnly} isInvalid={error !== undefined} autoFocus={autoFocus} validationBehavior="aria"
      {...(autoComplete === undefined ? {} : { autoComplete })} {...(inputMode === undefined ? {} : { inputMode })} {...(maxLength === undefined ? {} : { maxLength })} {...(name === undefined ? {} : { name })}
    >
      <FieldLabel text={label} isRequired={isRequired} />
      {multiline
        ? <TextArea className="k-input k-area" rows={4} {...(placeholder === undefined ? {} : { placeholder })} />
        : <Input className="k-input" {...(type === 'date' || type === 'datetime-local' || type === 'time' ? { type } : {})} {...(placeholder === undefined ? {} : { placeholder })} />}
      <Under hint={hint} error={error} />
    </AriaTextField>
  );
}

/** A day as "YYYY-MM-DD"; empty where none is chosen. */
export function DateField(props: FieldProps<string>) {
  return <TextField {...props} type="date" />;
}

interface NumberFieldProps extends FieldProps<number | null> {
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
}

/** Null where nothing is typed. */
export function NumberField({ label, value, onChange, error, hint, isRequired = false, isDisabled = false, min, max, step }: NumberFieldProps) {
  return (
    <AriaNumberField
      className="k-field" value={value ?? Number.NaN} onChange={(next) => onChange(Number.isNaN(next) ? null : next)} isRequired={isRequired} isDisabled={isDisabled} isInvalid={error !== undefined} validationBehavior="aria"
      {...(min === undefined ? {} : { minValue: min })} {...(max === undefined ? {} : { maxValue: max })} {...(step === undefined ? {} : { step })}
    >
      <FieldLabel text={label} isRequired={isRequired} />
      <Group className="k-number">
        <Input className="k-input" />
        <Button slot="decrement" className="k-step"><Icon name="dash" /></Button>
        <Button slot="increment" className="k-step"><Icon name="plus" /></Button>
      </Group>
      <Under hint={hint} error={error} />
    </AriaNumberField>
  );
}

export interface Choice {
  readonly id: string;
  readonly name: string;
}

interface SelectFieldProps extends FieldProps<string> {
  readonly items: readonly Choice[];
  readonly placeholder?: string;
}

export function SelectField({ label, items, value, onChange, error, hint, isRequired = false, isDisabled = false, placeholder }: SelectFieldProps) {
  return (
    <Select
      className="k-field" value={items.some(({ id }) => id === value) ? value : null} onChange={(key) => onChange(String(key ?? ''))} isRequired={isRequired} isDisabled={isDisabled} isInvalid={error !== undefined} validationBehavior="aria"
      {...(placeholder === undefined ? {} : { placeholder })}
    >
      <FieldLabel text={label} isRequired={isRequired} />
      <Button className="k-input k-select"><SelectValue className="k-select-value" /><Icon name="chevron" /></Button>
      <Under hint={hint} error={error} />
      <Popover className="k-popover">
        <ListBox className="k-options" items={items}>{({ name }) => <ListBoxItem className="k-option" textValue={name}>{name}</ListBoxItem>}</ListBox>
      </Popover>
    </Select>
  );
}

/** As SelectField, for long lists: what is typed narrows it. Only what stands in the list can be chosen; nothing is "". */
export function ComboField({ label, items, value, onChange, error, hint, isRequired = false, isDisabled = false, placeholder }: SelectFieldProps) {
  return (
    <ComboBox
      className="k-field" defaultItems={items} value={value === '' ? null : value} onChange={(key) => onChange(String(key ?? ''))} isRequired={isRequired} isDisabled={isDisabled} isInvalid={error !== undefined} validationBehavior="aria" menuTrigger="focus"
    >
      <FieldLabel text={label} isRequired={isRequired} />
      <Group className="k-combo"><Input className="k-input" {...(placeholder === undefined ? {} : { placeholder })} /><Button className="k-step"><Icon name="chevron" /></Button></Group>
      <Under hint={hint} error={error} />
      <Popover className="k-popover">
        <ListBox className="k-options">{({ name }: Choice) => <ListBoxItem className="k-option" textValue={name}>{name}</ListBoxItem>}</ListBox>
      </Popover>
    </ComboBox>
  );
}

interface TickProps {
  readonly value: boolean;
  readonly onChange: (value: boolean) => void;
  readonly isDisabled?: boolean;
  readonly children: ReactNode;
}

export function Checkbox({ value, onChange, isDisabled = false, children }: TickProps) {
  return (
    <AriaCheckbox className="k-tick" isSelected={value} onChange={onChange} isDisabled={isDisabled}>
      <span className="k-box" aria-hidden="true"><Icon name="check" /></span>
      <span>{children}</span>
    </AriaCheckbox>
  );
}

export function Switch({ value, onChange, isDisabled = false, children }: TickProps) {
  return (
    <AriaSwitch className="k-tick" isSelected={value} onChange={onChange} isDisabled={isDisabled}>
      <span className="k-track" aria-hidden="true" />
      <span>{children}</span>
    </AriaSwitch>
  );
}

function FieldLabel({ text, isRequired }: { readonly text: string; readonly isRequired: boolean }) {
  return <Label className="k-label">{text}{isRequired && <span className="k-required" aria-hidden="true"> *</span>}</Label>;
}

function Under({ hint, error }: { readonly hint: string | undefined; readonly error: string | undefined }) {
  return (
    <>
      {hint !== undefined && <Text slot="description" className="k-hint">{hint}</Text>}
      {error !== undefined && <FieldError className="k-error">{error}</FieldError>}
    </>
  );
}

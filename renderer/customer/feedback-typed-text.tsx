import { TextArea } from 'react-aria-components/TextArea';
import { TextField } from 'react-aria-components/TextField';
import './feedback.css';

export interface TypedTextProps {
  readonly label: string;
  /** Stands in it until something is written. */
  readonly hint: string;
  readonly value: string;
  /** In UTF-16 code units. */
  readonly maxLength: number;
  readonly lines: number;
  readonly onChange: (value: string) => void;
}

/** What the on-screen keyboard has written so far; a real keyboard may write here as well. */
export function TypedText({ label, hint, value, maxLength, lines, onChange }: TypedTextProps) {
  return (
    <TextField aria-label={label} value={value} onChange={(next) => onChange(next.replaceAll('\n', ' '))} maxLength={maxLength} inputMode="none" className="typed-text">
      <TextArea className="typed-text__area" rows={lines} placeholder={hint} spellCheck={false} autoComplete="off" />
    </TextField>
  );
}

import { Button } from './button.tsx';
import { MinusIcon, PlusIcon } from './icons.tsx';
import './stepper.css';

export interface StepperProps {
  readonly label: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly fewer: string;
  readonly more: string;
  readonly onChange: (value: number) => void;
}

export function Stepper({ label, value, least, most, fewer, more, onChange }: StepperProps) {
  return (
    <div className="stepper" role="group" aria-label={label}>
      <Button look="round" label={fewer} disabled={value <= least} onPress={() => onChange(value - 1)}>
        <MinusIcon />
      </Button>
      <output className="stepper__value" aria-live="polite">
        {value}
      </output>
      <Button look="round" label={more} disabled={value >= most} onPress={() => onChange(value + 1)}>
        <PlusIcon />
      </Button>
    </div>
  );
}

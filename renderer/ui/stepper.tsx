import { Group } from 'react-aria-components/Group';
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
  /** What stands between the buttons, where the number alone says too little. */
  readonly shown?: string | undefined;
}

export function Stepper({ label, value, least, most, fewer, more, onChange, shown }: StepperProps) {
  return (
    <Group className="stepper" aria-label={label}>
      <Button look="round" label={fewer} disabled={value <= least} onPress={() => onChange(value - 1)}>
        <MinusIcon />
      </Button>
      <output className="stepper__value" aria-live="polite">
        {shown ?? value}
      </output>
      <Button look="round" label={more} disabled={value >= most} onPress={() => onChange(value + 1)}>
        <PlusIcon />
      </Button>
    </Group>
  );
}

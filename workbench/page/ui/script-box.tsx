import { useId, useState } from 'react';
import { Push } from './controls.tsx';

interface ScriptBoxProps {
  /** A script that does something here, to begin with. */
  readonly example: string;
  readonly stepsLeft: number;
  readonly onLoad: (text: string) => void;
}

/** Faults to order, as tests write them (hardware/sim/script): closed until somebody wants it. */
export function ScriptBox({ example, stepsLeft, onLoad }: ScriptBoxProps) {
  const [text, setText] = useState(example);
  const id = useId();
  return (
    <details className="script">
      <summary>Fault script{stepsLeft > 0 && ` (${stepsLeft} to come)`}</summary>
      <label htmlFor={id}>A list of steps; what the device does not know is refused by name.</label>
      <textarea id={id} rows={4} spellCheck={false} value={text} onChange={(event) => setText(event.target.value)} />
      <Push onPush={() => onLoad(text)}>Load script</Push>
    </details>
  );
}

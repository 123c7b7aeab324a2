import { useState } from 'react';
import type { ScannerAction } from '../../actions.ts';
import type { ScannerView } from '../../state.ts';
import { Controls, Push, Toggle } from '../ui/controls.tsx';

interface ScannerPanelProps {
  readonly scanner: ScannerView;
  readonly push: (action: ScannerAction) => void;
}

/** A code in somebody's hand, and the light that says whether it would be read. */
export function ScannerPanel({ scanner: { lit, cable, beeps }, push }: ScannerPanelProps) {
  const [code, setCode] = useState('9524024000170');
  return (
    <section className="panel scanner" aria-label="Scanner">
      <p className="scanner-light" role="status" data-lit={lit}>{lit ? 'Scanner is lit' : 'Scanner is dark'}{beeps > 0 && `, ${beeps} read`}</p>
      <Controls label="Scanner buttons">
        <input aria-label="Code" value={code} spellCheck={false} onChange={(event) => setCode(event.target.value)} />
        <Push tone="main" disabled={!lit || code === ''} onPush={() => push({ action: 'show', code })}>Show code</Push>
        <Toggle isOn={cable === 'out'} onToggle={(on) => push({ action: on ? 'cable_out' : 'cable_in' })}>Cable out</Toggle>
      </Controls>
    </section>
  );
}

import type { TerminalAction } from '../../actions.ts';
import type { TerminalView } from '../../state.ts';
import { Controls, Push, Toggle } from '../ui/controls.tsx';
import { ScriptBox } from '../ui/script-box.tsx';
import { Book } from './book.tsx';
import { TerminalDrawing } from './terminal-drawing.tsx';

interface TerminalPanelProps {
  readonly terminal: TerminalView;
  readonly push: (action: TerminalAction) => void;
  readonly loadScript: (text: string) => void;
}

export function TerminalPanel({ terminal, push, loadScript }: TerminalPanelProps) {
  const { cable, silent, state, declinesNext } = terminal;
  const asksForCard = state === 'present_card';
  return (
    <section className="panel" aria-label="Card terminal">
      <TerminalDrawing terminal={terminal} />
      <Controls label="Terminal buttons">
        <Push tone="main" disabled={!asksForCard} onPush={() => push('tap_card')}>Tap card</Push>
        <Toggle isOn={declinesNext} onToggle={() => push('decline')}>Decline card</Toggle>
        <Push disabled={!asksForCard} onPush={() => push('cancel')}>Cancel</Push>
        <Toggle isOn={silent} onToggle={(on) => push(on ? 'silent_on' : 'silent_off')}>Keep silent</Toggle>
        <Toggle isOn={cable === 'out'} onToggle={(on) => push(on ? 'cable_out' : 'cable_in')}>Cable out</Toggle>
        <Push onPush={() => push('reboot')}>Reboot</Push>
      </Controls>
      <ScriptBox example={'[{ "at": "acknowledged 04 0f", "do": "unplug" }, { "at": "acknowledged 04 0f", "do": "plug", "afterMs": 8000 }]'} stepsLeft={terminal.scriptLeft} onLoad={loadScript} />
      <Book terminal={terminal} />
    </section>
  );
}

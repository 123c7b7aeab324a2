import type { PrinterAction } from '../../actions.ts';
import type { PrinterView } from '../../state.ts';
import { Controls, Push, Toggle } from '../ui/controls.tsx';
import { ScriptBox } from '../ui/script-box.tsx';
import { PaperStage } from './paper-stage.tsx';
import { PrinterDrawing } from './printer-drawing.tsx';
import { printerStatus } from './printer-status.ts';
import { Tray } from './tray.tsx';

interface PrinterPanelProps {
  readonly printer: PrinterView;
  readonly push: (action: PrinterAction) => void;
  readonly loadScript: (text: string) => void;
}

export function PrinterPanel({ printer, push, loadScript }: PrinterPanelProps) {
  const { machine, cable } = printer;
  const status = printerStatus(printer);
  return (
    <section className="panel" aria-label="Receipt printer">
      <div className="stage">
        <PrinterDrawing machine={machine} isPlugged={cable === 'in'} hasWork={printer.bytesWaiting > 0} />
        <PaperStage current={printer.current} />
        <div className="status" role="status" aria-label="Printer state" data-tone={status.tone} data-paper={printer.current !== undefined}>
          <span className="status-word">{status.word}</span>
          <span className="status-note">{status.note}</span>
        </div>
      </div>
      <Controls label="Printer buttons">
        <Toggle isOn={machine.paper === 'low'} onToggle={(on) => push(on ? 'paper_low' : 'paper_ok')}>Paper low</Toggle>
        <Toggle isOn={machine.paper === 'out'} onToggle={(on) => push(on ? 'paper_out' : 'paper_ok')}>Paper out</Toggle>
        <Toggle isOn={machine.coverOpen} onToggle={(on) => push(on ? 'cover_open' : 'cover_close')}>Cover open</Toggle>
        <Toggle isOn={cable === 'out'} onToggle={(on) => push(on ? 'cable_out' : 'cable_in')}>Cable out</Toggle>
        <Toggle tone="good" isOn={machine.power} onToggle={(on) => push(on ? 'power_on' : 'power_off')}>Power</Toggle>
        <Push disabled={printer.tray.length === 0} onPush={() => push('tear_off')}>Tear off</Push>
      </Controls>
      <ScriptBox example={'[{ "at": "line printed", "skip": 10, "do": "paper_out" }]'} stepsLeft={printer.scriptLeft} onLoad={loadScript} />
      <Tray printer={printer} />
    </section>
  );
}

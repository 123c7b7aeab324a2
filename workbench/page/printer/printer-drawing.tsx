import type { Machine } from '../../../hardware/sim/escpos-printer/sensors.ts';

interface PrinterDrawingProps {
  readonly machine: Machine;
  readonly isPlugged: boolean;
  readonly hasWork: boolean;
}

/** The machine from the front: the paper comes out of the slot on top. What it shows is said in words beside it. */
export function PrinterDrawing({ machine, isPlugged, hasWork }: PrinterDrawingProps) {
  const { power, paper, coverOpen } = machine;
  const hasError = paper === 'out' || coverOpen || machine.cutterJam || machine.tooHot || machine.broken;
  return (
    <svg className="printer" viewBox="0 0 440 160" aria-hidden="true" data-cover={coverOpen ? 'open' : 'closed'} data-cable={isPlugged ? 'in' : 'out'}>
      <defs>
        <linearGradient id="printer-front" x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor="#46444b" />
          <stop offset=".12" stopColor="#37353b" />
          <stop offset="1" stopColor="#252429" />
        </linearGradient>
        <linearGradient id="printer-top" x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor="#6a6870" />
          <stop offset="1" stopColor="#55535a" />
        </linearGradient>
        <radialGradient id="printer-roll">
          <stop offset=".16" stopColor="#8d8578" />
          <stop offset=".18" stopColor="#fffdf7" />
          <stop offset="1" stopColor="#ddd6c8" />
        </radialGradient>
      </defs>
      <ellipse cx="216" cy="151" rx="202" ry="8" className="printer-shadow" />
      <g className="printer-cable">
        <path d="M414 120c14 0 10 26 30 28" className="cable-wire" />
        <rect x="398" y="111" width="18" height="18" rx="4" className="cable-plug" />
        <rect x="391" y="115" width="8" height="10" className="cable-tip" />
      </g>
      <path d="M44 18 62 -58Q64 -66 72 -66H360Q368 -66 370 -58L388 18z" className="printer-lid" />
      <path d="M46 0H386Q394 0 398 8L412 34H20L34 8Q38 0 46 0z" fill="url(#printer-top)" />
      <path d="M52 7H380L390 27H42z" className="printer-inside" />
      <rect x="34" y="12" width="364" height="9" rx="4.500" className="printer-slot" />
      <path d="M20 34H412Q418 34 418 42L412 138Q411 150 400 150H32Q21 150 20 138L14 42Q14 34 20 34z" fill="url(#printer-front)" />
      <path d="M20 35H412" className="printer-edge" />
      <text x="40" y="72" className="printer-brand">counter24</text>
      <text x="40" y="89" className="printer-model">TP-80 thermal</text>
      <g className="printer-window">
        <rect x="162" y="56" width="108" height="72" rx="14" />
        <circle cx="216" cy="92" r={{ ok: 29, low: 12, out: 5 }[paper]} fill="url(#printer-roll)" className="printer-roll" data-paper={paper} />
        <path d="M170 66Q190 60 214 60" className="printer-glint" />
      </g>
      <Light x={312} label="power" tone={power ? 'green' : 'off'} />
      <Light x={347} label="paper" tone={power && paper !== 'ok' ? 'amber' : 'off'} />
      <Light x={382} label="error" tone={power && hasError ? 'red' : 'off'} />
      <rect x="300" y="112" width="94" height="5" rx="2.500" className="printer-work" data-busy={power && hasWork} />
    </svg>
  );
}

function Light({ x, label, tone }: { readonly x: number; readonly label: string; readonly tone: 'off' | 'green' | 'amber' | 'red' }) {
  return (
    <g className="light" data-tone={tone}>
      <circle cx={x} cy="74" r="5.500" />
      <text x={x} y="95">{label}</text>
    </g>
  );
}

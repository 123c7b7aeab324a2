import { useState } from 'react';
import type { LogEntry } from '../../../domain/contract/staff.ts';
import { FaultsPage } from './faults-page.tsx';
import { LinesPage } from './lines-page.tsx';
import type { LogChoice } from './log-filter.ts';
import { firstChoice } from './log-filter.ts';
import { TrailPage } from './trail-page.tsx';
import './logs.css';

export type LogsPlace = { readonly kind: 'lines' | 'faults' } | { readonly kind: 'trail'; readonly orderId: string; readonly from: 'lines' | 'faults' };

/** The log of this kiosk: its lines, what is broken, and one order from beginning to end (at once where `orderId` is given). */
export function LogsArea({ orderId }: { readonly orderId?: string | undefined }) {
  const [place, setPlace] = useState<LogsPlace>(orderId === undefined ? { kind: 'lines' } : { kind: 'trail', orderId, from: 'lines' });
  const [choice, setChoice] = useState<LogChoice>(firstChoice);
  const [open, setOpen] = useState<LogEntry | undefined>(undefined);

  if (place.kind === 'trail') return <TrailPage orderId={place.orderId} onBack={() => setPlace({ kind: place.from })} />;
  if (place.kind === 'faults') {
    return (
      <FaultsPage
        onView={(kind) => setPlace({ kind })}
        onLines={(code) => {
          setChoice({ ...firstChoice, span: 'all', code });
          setPlace({ kind: 'lines' });
        }}
      />
    );
  }
  return (
    <LinesPage
      choice={choice}
      onChoice={setChoice}
      open={open}
      onOpen={setOpen}
      onView={(kind) => setPlace({ kind })}
      onTrail={(id) => {
        setOpen(undefined);
        setPlace({ kind: 'trail', orderId: id, from: 'lines' });
      }}
    />
  );
}

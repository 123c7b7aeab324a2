import { useState } from 'react';
import type { Shelves, SlotView } from '../../../domain/contract/staff.ts';
import { staffStockWords } from '../../i18n/areas/staff-stock.ts';
import { Button } from '../button.tsx';
import { useAsk, useStaff, useStaffEvent } from '../staff-context.tsx';
import { Await, StaffPage } from '../staff-page.tsx';
import { BringPage } from './bring-page.tsx';
import { FinishPage } from './finish-page.tsx';
import type { Act, Outcome } from './move-keeper.ts';
import { withSlot } from './restock.ts';
import type { SlotFilter } from './restock.ts';
import { ShelvesPage } from './shelves-page.tsx';
import { SlotPage } from './slot-page.tsx';
import './stock.css';

type Place = { readonly kind: 'shelves' } | { readonly kind: 'slot'; readonly slot: string } | { readonly kind: 'bring' } | { readonly kind: 'finish' };

/** What the screens of the stock share. */
export interface Stock {
  readonly shelves: Shelves;
  /** One move; its answer is shown and said here. `reason_needed` is for whoever asked. */
  readonly act: (act: Act) => Promise<Outcome>;
  readonly isActing: boolean;
  /** What was last said of an offer's date in this visit: null for "has none". */
  readonly lastDate: (offerId: string) => string | null | undefined;
  readonly mayMove: boolean;
}

/** Restocking: the shelves, one slot, what to bring, the end of the visit. */
export function StockArea() {
  const { member, language, words, moves, say } = useStaff();
  const text = staffStockWords[language];
  const { asked, again, put } = useAsk('stock.shelves', {});
  const [place, setPlace] = useState<Place>({ kind: 'shelves' });
  const [filter, setFilter] = useState<SlotFilter>('all');
  const [scanned, setScanned] = useState<readonly string[] | undefined>(undefined);
  const [cameFrom, setCameFrom] = useState<string | undefined>(undefined);
  const [isActing, setActing] = useState(false);
  const [lost, setLost] = useState(() => moves.pending());
  const [dates, setDates] = useState<ReadonlyMap<string, string | null>>(new Map());

  useStaffEvent('staff_slot', ({ slots }) => {
    // A sheet asks something: what is scanned meanwhile would be put into another slot than is thought.
    if (document.querySelector('.sheet-veil')) return;
    if (slots.length === 0) say(text.scannedNone, 'bad');
    else if (slots.length === 1) setPlace({ kind: 'slot', slot: slots[0]! });
    else {
      setScanned(slots);
      setPlace({ kind: 'shelves' });
      say(text.scannedMany(slots.length));
    }
  });

  if (asked.kind !== 'there') {
    return (
      <StaffPage title={text.title}>
        <Await asked={asked} again={again}>
          {() => null}
        </Await>
      </StaffPage>
    );
  }
  const shelves = asked.value;

  function settle(outcome: Outcome): void {
    setLost(moves.pending());
    switch (outcome.kind) {
      case 'done':
        put(withSlot(shelves, outcome.slot, outcome.visit));
        say(text.done(outcome.slot.slot, outcome.slot.count));
        break;
      case 'too_many':
        say(text.tooMany(outcome.fits), 'bad');
        again();
        break;
      case 'too_few':
        say(text.tooFew(outcome.has), 'bad');
        again();
        break;
      case 'unknown_slot':
        say(text.unknownSlot, 'bad');
        again();
        break;
      case 'refused':
        say(words.trouble[outcome.code] ?? words.trouble.other, 'bad');
        break;
      case 'lost':
      case 'reason_needed':
        again();
        break;
      case 'busy':
        break;
    }
  }
  async function run(asking: () => Promise<Outcome>): Promise<Outcome> {
    setActing(true);
    const outcome = await asking();
    setActing(false);
    settle(outcome);
    return outcome;
  }
  const stock: Stock = {
    shelves,
    isActing,
    mayMove: member.acts.includes('stock.move'),
    lastDate: (offerId) => dates.get(offerId),
    act: async (act) => {
      const outcome = await run(() => moves.make(act));
      const slot = act.method === 'stock.fill' ? shelves.slots.find((candidate) => candidate.slot === act.params.slot) : undefined;
      if (slot && act.method === 'stock.fill' && outcome.kind === 'done') setDates((before) => new Map([...before, [slot.offerId, act.params.bestBefore ?? null]]));
      return outcome;
    },
  };
  const pending = lost && (
    <div className="stock-lost" role="alert">
      <p>{text.lost(text.moves[lost.method](lost.params.slot, 'counted' in lost.params ? lost.params.counted : lost.params.quantity))}</p>
      <LostButtons
        retry={() => void run(moves.again)}
        forget={() => {
          moves.forget();
          setLost(undefined);
          again();
        }}
        isActing={isActing}
        labels={[text.retry, text.forget]}
      />
    </div>
  );
  const back = (from?: SlotView) => {
    setCameFrom(from?.slot);
    setPlace({ kind: 'shelves' });
  };
  const slot = place.kind === 'slot' ? shelves.slots.find((candidate) => candidate.slot === place.slot) : undefined;
  if (place.kind === 'bring') return <BringPage onBack={() => back()} />;
  if (place.kind === 'finish') return <FinishPage stock={stock} onBack={() => back()} onEnded={again} />;
  if (slot) return <SlotPage key={slot.slot} stock={stock} slot={slot} notice={pending} onBack={() => back(slot)} />;
  return (
    <ShelvesPage
      stock={stock}
      filter={filter}
      only={scanned}
      cameFrom={cameFrom}
      notice={pending}
      onFilter={(next) => {
        setScanned(undefined);
        setFilter(next);
      }}
      onSlot={(name) => setPlace({ kind: 'slot', slot: name })}
      onBring={() => setPlace({ kind: 'bring' })}
      onFinish={() => setPlace({ kind: 'finish' })}
    />
  );
}

function LostButtons({ retry, forget, isActing, labels }: { readonly retry: () => void; readonly forget: () => void; readonly isActing: boolean; readonly labels: readonly [string, string] }) {
  return (
    <div className="stock-lost__buttons">
      <Button onPress={forget} disabled={isActing}>
        {labels[1]}
      </Button>
      <Button look="main" onPress={retry} busy={isActing}>
        {labels[0]}
      </Button>
    </div>
  );
}

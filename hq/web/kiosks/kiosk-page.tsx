import { useEffect, useState } from 'react';
import { formatMoney } from '../../../domain/money.ts';
import type { Currency } from '../../../domain/money.ts';
import type { Alarm, KioskInFull, ProofResult, ProofRow } from '../../contract/console.ts';
import { fetchKiosk } from '../api.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import type { Texts } from '../i18n/en.ts';
import { useLive } from '../live/use-live.tsx';
import { Section } from '../order/section.tsx';
import { Link } from '../router.tsx';
import { LookBadge as Badge, ProofBadge } from '../ui/state-badges.tsx';
import { Time } from '../ui/time.tsx';
import { Skew } from './kiosks-page.tsx';

const refreshMs = 10_000;
/** More than these are counted, not listed. */
const shownPlaces = 20;

/** One kiosk: what a person should look at, and for each closed day whether HQ has all of it. */
export function KioskPage({ kioskId }: { readonly kioskId: string }) {
  const texts = useTexts();
  const { kiosk, problem } = useKiosk(kioskId);
  return (
    <main className="page">
      <div className="page-head">
        <h1>{kiosk?.row.name ?? kioskId}</h1>
        <p className="lead"><Link to="/kiosks" className="plain-link">{texts.allKiosks}</Link></p>
      </div>
      {problem === 'away' && <p className="notice" role="status">{texts.away}</p>}
      {problem === 'not_found' && <p className="notice" role="status">{texts.unknownKiosk}</p>}
      {kiosk && (
        <div className="scroller short one-kiosk">
          <Alarms alarms={kiosk.alarms} isCloned={kiosk.row.isCloned} kioskId={kioskId} />
          <Closings proofs={kiosk.proofs} />
          <Lanes kiosk={kiosk} />
        </div>
      )}
    </main>
  );
}

function Alarms({ alarms, isCloned, kioskId }: { readonly alarms: readonly Alarm[]; readonly isCloned: boolean; readonly kioskId: string }) {
  const texts = useTexts();
  return (
    <Section title={texts.alarms}>
      {isCloned && (
        <div className="notice" role="alert">
          <p>{texts.clonedText}</p>
          <pre className="command">npm run hq -- reinstate {kioskId}</pre>
        </div>
      )}
      {alarms.length === 0 && !isCloned && <p className="none">{texts.noAlarms}</p>}
      {alarms.length > 0 && (
        <table className="kiosks alarms">
          <tbody>
            {alarms.map((alarm) => (
              <tr key={alarm.alarmId}>
                <th scope="row"><Badge look={['bad', 'alarm']} word={texts.alarmKind[alarm.kind]} /></th>
                <td className="detail">{alarm.detail}</td>
                <td><Time at={alarm.at} />{alarm.times > 1 && <span className="other">{texts.timesSeen(alarm.times)}</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}

function Closings({ proofs }: { readonly proofs: readonly ProofRow[] }) {
  const texts = useTexts();
  return (
    <Section title={texts.closings}>
      <p className="none">{proofs.length === 0 ? texts.noClosings : texts.closingsText}</p>
      {proofs.length > 0 && (
        <table className="kiosks as-cards">
          <thead>
            <tr>
              <th scope="col">{texts.day}</th>
              <th scope="col">{texts.state}</th>
              <th scope="col" className="amount">{texts.orders}</th>
              <th scope="col" className="amount">{texts.total}</th>
              <th scope="col" className="amount">{texts.events}</th>
              <th scope="col">{texts.checked}</th>
            </tr>
          </thead>
          <tbody>
            {proofs.map((proof) => (
              <tr key={proof.eventId}>
                <th scope="row">{proof.day}<span className="other">{texts.closingNumber(proof.number)}</span></th>
                <td className="detail"><ProofBadge state={proof.state} />{proof.result && (proof.state !== 'green' || proof.result.setAside.length > 0) && <Findings result={proof.result} />}</td>
                <td className="amount" data-label={texts.orders}>{Object.values(proof.orders).reduce((sum, { count }) => sum + count, 0)}</td>
                <td className="amount" data-label={texts.total}>{Object.entries(proof.orders).map(([currency, { sum }]) => <div key={currency}>{formatMoney({ amount: sum, currency: currency as Currency })}</div>)}</td>
                <td className="amount" data-label={texts.events}>{proof.events.toLocaleString('en-GB')}</td>
                <td data-label={texts.checked}>{proof.checkedAt === null ? <span className="nothing">–</span> : <Time at={proof.checkedAt} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}

function Findings({ result }: { readonly result: ProofResult }) {
  const texts = useTexts();
  return <ul className="findings">{findingsOf(result, texts).map((line) => <li key={line}>{line}</li>)}</ul>;
}

/** Exactly what is missing or differs, as lines. */
export function findingsOf({ signature, missing, differing, projections, sums, setAside, missingClosings, uncounted, more }: ProofResult, texts: Texts): readonly string[] {
  const places = (lane: string, epoch: number, sequences: readonly number[]) => {
    const shown = sequences.slice(0, shownPlaces).join(', ');
    return `${texts.places(laneNameOf(lane, texts), epoch, shown)}${sequences.length > shownPlaces ? ` ${texts.andMore(sequences.length - shownPlaces)}` : ''}`;
  };
  return [
    ...(signature === 'valid' ? [] : [signature === 'wrong' ? texts.signatureWrong : texts.signatureNoKey]),
    ...missing.map(({ lane, epoch, sequences }) => `${texts.missingEvents} ${places(lane, epoch, sequences)}`),
    ...differing.map(({ lane, epoch, sequences }) => `${texts.differingEvents} ${places(lane, epoch, sequences)}`),
    ...projections.slice(0, shownPlaces).map(({ lane, epoch, sequence, table }) => `${texts.differingRows} ${table} (${texts.places(laneNameOf(lane, texts), epoch, String(sequence))})`),
    ...setAside.slice(0, shownPlaces).map(({ lane, epoch, sequence, waitsForUpdate }) => `${waitsForUpdate ? texts.waitsForUpdate : texts.proofSetAside} ${texts.places(laneNameOf(lane, texts), epoch, String(sequence))}`),
    ...(missingClosings.length > 0 ? [`${texts.missingClosings} ${missingClosings.slice(0, shownPlaces).join(', ')}`] : []),
    ...uncounted.map(({ lane, epoch, from, to }) => `${texts.uncountedEvents} ${texts.places(laneNameOf(lane, texts), epoch, from === to ? String(from) : `${from}–${to}`)}`),
    ...(sums.length > 0 ? [`${texts.differingSums} ${sums.join(', ')}`] : []),
    ...(more > 0 ? [texts.andMore(more)] : []),
  ];
}

function laneNameOf(lane: string, texts: Texts): string {
  return texts.laneName[lane as keyof Texts['laneName']] ?? lane;
}

function Lanes({ kiosk: { lanes, row, documents } }: { readonly kiosk: KioskInFull }) {
  const texts = useTexts();
  return (
    <Section title={texts.standing}>
      <table className="kiosks lanes">
        <tbody>
          <tr><th scope="row">{texts.clock}</th><td colSpan={2}><Skew skewMs={row.skewMs} /></td></tr>
          {lanes.map((lane) => (
            <tr key={lane.lane}>
              <th scope="row">{laneNameOf(lane.lane, texts)}</th>
              <td>{lane.acknowledged.toLocaleString('en-GB')}{lane.epoch > 1 && <span className="other">{texts.epoch(lane.epoch)}</span>}</td>
              <td>{lane.lastReceivedAt === null ? <span className="nothing">–</span> : <Time at={lane.lastReceivedAt} />}</td>
            </tr>
          ))}
          {documents.map((document) => (
            <tr key={document.document}>
              <th scope="row">{texts.documentName[document.document as keyof Texts['documentName']] ?? document.document}</th>
              <td>{texts.revision(document.revision)}{document.outcome === 'refused' && <Badge look={['bad', 'cross']} word={texts.refused} />}</td>
              <td><Time at={document.occurredAt} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

function useKiosk(kioskId: string): { readonly kiosk: KioskInFull | undefined; readonly problem: 'away' | 'not_found' | undefined } {
  const [kiosk, setKiosk] = useState<KioskInFull>();
  const [problem, setProblem] = useState<'away' | 'not_found'>();
  const [reading, setReading] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    void fetchKiosk(kioskId, abort.signal).then((answer) => {
      if (abort.signal.aborted) return;
      setProblem(answer.ok ? undefined : answer.error === 'not_found' ? 'not_found' : 'away');
      if (answer.ok) setKiosk(answer.value);
    });
    const timer = setTimeout(() => setReading((count) => count + 1), refreshMs);
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [kioskId, reading]);
  const again = () => setReading((count) => count + 1);
  useLive({ onOrders: again, onAgain: again });
  return { kiosk: kiosk?.row.kioskId === kioskId ? kiosk : undefined, problem };
}

import { useEffect, useState } from 'react';
import { shredded } from '../../../domain/personal/sealed.ts';
import type { FeedbackRow } from '../../contract/console.ts';
import { fetchFeedback } from '../api.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useLive } from '../live/use-live.tsx';
import { Link } from '../router.tsx';
import { Time } from '../ui/time.tsx';
import type { FeedbackList } from './feedback-list.ts';
import { keyOf, withNewest, withOlder } from './feedback-list.ts';

/** What customers said of their visits. */
export function FeedbackPage() {
  const texts = useTexts();
  const { rows, next, isAway, loadOlder } = useFeedback();
  return (
    <main className="page">
      <div className="page-head">
        <h1>{texts.feedback}</h1>
        <p className="lead">{texts.feedbackText}</p>
      </div>
      {isAway && <p className="notice" role="status">{texts.away}</p>}
      <div className="scroller short">
        {rows?.length === 0 ? (
          <section className="empty">
            <h2>{texts.noFeedbackTitle}</h2>
            <p>{texts.noFeedbackText}</p>
          </section>
        ) : rows ? (
          <>
            <FeedbackTable rows={rows} />
            <p className="table-foot">{next === null ? texts.endOfList : <button type="button" className="button" onClick={() => void loadOlder()}>{texts.loadOlderFeedback}</button>}</p>
          </>
        ) : (
          !isAway && <p className="notice quiet" role="status">{texts.loading}</p>
        )}
      </div>
    </main>
  );
}

function FeedbackTable({ rows }: { readonly rows: readonly FeedbackRow[] }) {
  const texts = useTexts();
  return (
    <table className="kiosks as-cards">
      <thead>
        <tr>
          <th scope="col">{texts.starsHead}</th>
          <th scope="col">{texts.time}</th>
          <th scope="col">{texts.kiosk}</th>
          <th scope="col">{texts.order}</th>
          <th scope="col">{texts.chipsHead}</th>
          <th scope="col">{texts.wordsHead}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            <th scope="row"><span className="stars" role="img" aria-label={texts.stars(row.stars)}>{'★'.repeat(row.stars)}{'☆'.repeat(5 - row.stars)}</span></th>
            <td data-label={texts.time}><Time at={row.givenAt} /></td>
            <td data-label={texts.kiosk}>{row.kioskName}</td>
            <td data-label={texts.order}>{row.orderNumber === null ? <span className="nothing">–</span> : <Link to={`/orders/${encodeURIComponent(row.kioskId)}/${row.orderId}`} className="plain-link">{row.orderNumber}</Link>}</td>
            <td className="detail" data-label={texts.chipsHead}>{row.chips.length === 0 ? <span className="nothing">–</span> : <span>{row.chips.map((chip) => texts.chip[chip]).join(' · ')}</span>}</td>
            <td className="detail" data-label={texts.wordsHead}>{row.words === null ? <span className="nothing">–</span> : <span>{row.words === shredded ? texts.wordsGone : row.words}</span>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface Feedback {
  readonly rows: readonly FeedbackRow[] | undefined;
  readonly next: string | null;
  readonly isAway: boolean;
  readonly loadOlder: () => Promise<void>;
}

/** The newest page, again with each piece of news; older ones stay below it once they were asked for. */
function useFeedback(): Feedback {
  const [list, setList] = useState<FeedbackList>();
  const [isAway, setAway] = useState(false);
  const [reading, setReading] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    void fetchFeedback(null, abort.signal).then((answer) => {
      if (abort.signal.aborted) return;
      setAway(!answer.ok);
      if (answer.ok) setList((before) => withNewest(before, answer.value));
    });
    return () => abort.abort();
  }, [reading]);
  const again = () => setReading((count) => count + 1);
  useLive({ onOrders: again, onAgain: again });
  return {
    rows: list?.feedback, next: list?.next ?? null, isAway,
    loadOlder: async () => {
      if (!list?.next) return;
      const answer = await fetchFeedback(list.next);
      setAway(!answer.ok);
      if (answer.ok) setList((before) => withOlder(before, answer.value));
    },
  };
}

import type { CallFailure } from '../api/call.ts';
import { catalogueTexts } from '../i18n/areas/catalogue.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Time } from '../ui/time.tsx';
import { Trouble } from '../ui/trouble.tsx';

/** Somebody else was quicker: who, when, and what that means; what is newest has been read by then. Anything else in the usual words. */
export function DraftFailure({ failure }: { readonly failure: CallFailure | null }) {
  const texts = useAreaTexts(catalogueTexts);
  if (failure?.code !== 'HQ_CHANGED_MEANWHILE') return <Trouble failure={failure} />;
  const { by, at, revision } = failure.more;
  // Without a person: the draft, or what was in force, is not there any more.
  const words = typeof by !== 'string' || by === '' ? texts.goneMeanwhile : revision === undefined ? texts.changedBy(by) : texts.publishedMeanwhile(by);
  return (
    <div className="k-trouble" role="alert">
      <p><strong>{words}</strong> {typeof at === 'number' && at > 0 && <Time at={at} />}</p>
      <p>{texts.notDone}</p>
    </div>
  );
}

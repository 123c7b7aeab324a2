import { useQueryClient } from '@tanstack/react-query';
import { readDraft } from '../../contract/api/catalogue.ts';
import type { CallFailure } from '../api/call.ts';
import { routeKey } from '../api/use-api.ts';
import { catalogueTexts } from '../i18n/areas/catalogue.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Button } from '../ui/button.tsx';
import { Time } from '../ui/time.tsx';
import { Trouble } from '../ui/trouble.tsx';

/** Somebody else was quicker: who, when, and theirs to look at. Anything else in the usual words. */
export function DraftFailure({ failure, onReload }: { readonly failure: CallFailure | null; readonly onReload?: () => void }) {
  const texts = useAreaTexts(catalogueTexts);
  const client = useQueryClient();
  if (failure?.code !== 'HQ_CHANGED_MEANWHILE') return <Trouble failure={failure} />;
  const { by, at } = failure.more;
  return (
    <div className="k-trouble" role="alert">
      <p>{texts.changedBy(String(by ?? ''))} {typeof at === 'number' && at > 0 && <Time at={at} />}</p>
      <Button onPress={() => { void client.invalidateQueries({ queryKey: routeKey(readDraft) }); onReload?.(); }}>{texts.reload}</Button>
    </div>
  );
}

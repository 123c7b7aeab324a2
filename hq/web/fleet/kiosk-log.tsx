import { useEffect, useState } from 'react';
import { giveCommand, listLogLines, logFilters } from '../../contract/api/fleet.ts';
import { useMe } from '../api/me.tsx';
import { useAct, useApiPages } from '../api/use-api.ts';
import { fleetTexts } from '../i18n/areas/fleet.ts';
import { uiTexts } from '../i18n/areas/ui.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { SelectField } from '../ui/field.tsx';
import { FilterBar, SearchField } from '../ui/filter-bar.tsx';
import { Empty } from '../ui/page.tsx';
import { Time } from '../ui/time.tsx';
import { Loading, Trouble } from '../ui/trouble.tsx';
import { useFilters } from '../ui/use-filters.ts';

const followMinutes = 10;
const followEveryMs = 2000;
const tones = { info: 'quiet', warn: 'warn', error: 'bad' } as const;
const icons = { info: 'dash', warn: 'alarm', error: 'cross' } as const;

/** The log as far as the kiosk has sent it; followed live when somebody asks for that. */
export function KioskLog({ kioskId }: { readonly kioskId: string }) {
  const texts = useAreaTexts(fleetTexts);
  const ui = useAreaTexts(uiTexts);
  const { may } = useMe();
  const [filters, setFilters] = useFilters(logFilters);
  const [isFollowing, setFollowing] = useState(false);
  useEffect(() => {
    if (!isFollowing) return;
    const timer = setTimeout(() => setFollowing(false), followMinutes * 60_000);
    return () => clearTimeout(timer);
  }, [isFollowing]);
  const { pages, failure, isLoading, isMore, more, again } = useApiPages(
    listLogLines, { params: { kiosk: kioskId as never }, query: filters }, ({ next }) => (next === null ? undefined : { before: next }), { everyMs: isFollowing ? followEveryMs : 15_000 },
  );
  const give = useAct(giveCommand, { done: () => setFollowing(true) });
  const lines = pages?.flatMap((page) => page.lines) ?? [];
  return (
    <>
      <FilterBar>
        <SearchField label={texts.logSearch} value={filters.search ?? ''} onChange={(search) => setFilters({ search }, { replace: true })} />
        <SelectField label={texts.level} items={[{ id: '', name: texts.anyLevel }, { id: 'warn', name: texts.levels.warn }, { id: 'error', name: texts.levels.error }]} value={filters.level ?? ''} onChange={(level) => setFilters({ level }, { replace: true })} />
        {may('fleet.steer') && <Button isBusy={give.isBusy} isDisabled={isFollowing} onPress={() => void give.act({ params: { kiosk: kioskId as never }, body: { command: { kind: 'follow_logs', params: { minutes: followMinutes } }, validMinutes: 5 } })}>{texts.follow}</Button>}
        <span role="status">{isFollowing && <Badge tone="good" icon="play">{texts.following}</Badge>}</span>
      </FilterBar>
      <Trouble failure={failure ?? give.failure} onAgain={again} />
      {lines.length === 0 ? isLoading ? <Loading /> : <Empty title={texts.noLines} text={texts.noLinesText} /> : (
        <ol className="fleet-log" aria-label={texts.log}>
          {lines.map(({ place, at, level, message, code, fields }) => (
            <li key={place}>
              <Time at={at} />
              <span><Badge tone={tones[level]} icon={icons[level]}>{texts.levels[level]}</Badge></span>
              <span>{message}{(code !== null || fields !== null) && <span className="k-mono k-stacked">{[code, ...Object.entries(fields ?? {}).map(([name, value]) => `${name}=${String(value)}`)].filter(Boolean).join('  ')}</span>}</span>
            </li>
          ))}
        </ol>
      )}
      {isMore && <div className="k-actions"><Button onPress={more} isBusy={isLoading}>{ui.more}</Button></div>}
    </>
  );
}

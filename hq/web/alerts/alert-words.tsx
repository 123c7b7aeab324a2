import { alertWords } from '../../contract/alert-words.ts';
import type { Alert, Severity } from '../../contract/api/alerts.ts';
import { alertTexts } from '../i18n/areas/alerts.ts';
import { formatFullTime } from '../i18n/times.ts';
import { useAreaTexts, useLanguage } from '../i18n/use-texts.tsx';
import type { Tone } from '../ui/badge.tsx';
import { Badge } from '../ui/badge.tsx';

export const toneOf: Readonly<Record<Severity, Tone>> = { urgent: 'bad', warning: 'warn', notice: 'quiet' };

export function AlertState({ alert: { acknowledged, settled } }: { readonly alert: Alert }) {
  const texts = useAreaTexts(alertTexts);
  if (settled) return <Badge tone="good">{settled.by === null ? texts.endedItself : texts.endedBy(settled.by)}</Badge>;
  return acknowledged ? <Badge tone="warn">{texts.seenBy(acknowledged.by)}</Badge> : <Badge tone="bad">{texts.notSeen}</Badge>;
}

/** What it says, in the reader's language and by the reader's clock; where HQ has words alone, they are English. */
export function AlertDetail({ alert: { kind, facts, detail } }: { readonly alert: Pick<Alert, 'kind' | 'facts' | 'detail'> }) {
  const { language } = useLanguage();
  const words = alertWords(kind, facts, (at) => formatFullTime(at, language))?.[language];
  return words === undefined ? <span lang="en">{detail}</span> : <span>{words}</span>;
}

import { alertKindSchema } from '../../contract/api/alerts.ts';
import { alertTexts } from '../i18n/areas/alerts.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';

/** What an alarm is about, in words; a kind that this console does not know stands as it came. */
export function AlarmKind({ kind }: { readonly kind: string }) {
  const { kinds } = useAreaTexts(alertTexts);
  const known = alertKindSchema.safeParse(kind);
  return known.success ? kinds[known.data].name : kind;
}

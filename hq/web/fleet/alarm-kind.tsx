import { alertTexts } from '../i18n/areas/alerts.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';

/** What an alarm is about, in words. */
export function AlarmKind({ kind }: { readonly kind: string }) {
  const { kinds } = useAreaTexts(alertTexts);
  return (kinds as Readonly<Record<string, { readonly name: string }>>)[kind]?.name ?? kind;
}

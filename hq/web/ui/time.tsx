import { formatFullTime, formatTime } from '../i18n/times.ts';
import { useLanguage } from '../i18n/use-texts.tsx';

/** A moment, short; the whole of it on hovering. */
export function Time({ at, now = Date.now() }: { readonly at: number; readonly now?: number }) {
  const { language } = useLanguage();
  return <time dateTime={new Date(at).toISOString()} title={formatFullTime(at, language)}>{formatTime(at, now, language)}</time>;
}

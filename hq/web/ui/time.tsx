import { createContext, use, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import { formatFullTime, formatTime } from '../i18n/times.ts';
import { useLanguage } from '../i18n/use-texts.tsx';

const DayContext = createContext('');

/** Which day it is, for all times on the page: a console stays open overnight. */
export function DayProvider({ children }: { readonly children: ReactNode }) {
  return <DayContext value={useSyncExternalStore(eachHalfMinute, today)}>{children}</DayContext>;
}

/** A moment, short; the whole of it on hovering. */
export function Time({ at }: { readonly at: number }) {
  const { language } = useLanguage();
  return <time dateTime={new Date(at).toISOString()} title={formatFullTime(at, language)}>{formatTime(at, use(DayContext), language)}</time>;
}

function today(): string {
  return new Date().toDateString();
}

function eachHalfMinute(onChange: () => void): () => void {
  const timer = setInterval(onChange, 30_000);
  return () => clearInterval(timer);
}

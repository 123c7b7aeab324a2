import { createContext, use, useState, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import type { Money } from '../../../domain/money.ts';
import { formatMoney } from '../../../domain/money.ts';
import { formatAgo, formatFullTime, formatTime } from '../i18n/times.ts';
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

const agoStepMs = 10_000;

/** "4 min ago", and it goes on. */
export function Ago({ at }: { readonly at: number }) {
  const { language } = useLanguage();
  const step = useSyncExternalStore(eachTenSeconds, currentStep);
  const [shownAt] = useState(() => Date.now());
  return <time dateTime={new Date(at).toISOString()} title={formatFullTime(at, language)}>{formatAgo(at, Math.max(shownAt, step * agoStepMs), language)}</time>;
}

/** "￥12.50". */
export function Amount({ money }: { readonly money: Money }) {
  return <span className="k-amount">{formatMoney(money)}</span>;
}

function currentStep(): number {
  return Math.floor(Date.now() / agoStepMs);
}

function eachTenSeconds(onChange: () => void): () => void {
  const timer = setInterval(onChange, agoStepMs);
  return () => clearInterval(timer);
}

function today(): string {
  return new Date().toDateString();
}

function eachHalfMinute(onChange: () => void): () => void {
  const timer = setInterval(onChange, 30_000);
  return () => clearInterval(timer);
}

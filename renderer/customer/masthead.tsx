import { formatLocalTime } from '../../domain/time.ts';
import type { Language } from '../../domain/language.ts';
import { useKiosk } from './kiosk-context.tsx';
import './masthead.css';
import { useNow } from './use-now.ts';

/** The top of every screen: who we are and what time it is. Nothing here needs to be touched. */
export function Masthead({ language }: { readonly language: Language }) {
  const { shopfront } = useKiosk().model;
  return (
    <header className="masthead">
      <span className="masthead__mark" aria-hidden="true">
        24
      </span>
      <span className="masthead__name">{shopfront?.shopName[language]}</span>
      {shopfront ? <Clock timeZone={shopfront.timeZone} /> : null}
    </header>
  );
}

function Clock({ timeZone }: { readonly timeZone: string }) {
  const time = formatLocalTime(useNow(5000), timeZone).slice(-5);
  return <time className="masthead__clock">{time}</time>;
}

import { formatLocalTime } from '../../domain/time.ts';
import type { Language } from '../../domain/language.ts';
import type { Model } from '../state/model.ts';
import { useSelect } from './kiosk-context.tsx';
import './masthead.css';
import { useNow } from './use-now.ts';

/** The top of every screen: who we are and what time it is. Nothing here needs to be touched. */
export function Masthead({ language }: { readonly language: Language }) {
  const timeZone = useSelect(timeZoneOf);
  return (
    <header className="masthead">
      <BrandMark language={language} />
      {timeZone === undefined ? null : <Clock timeZone={timeZone} />}
    </header>
  );
}

function timeZoneOf({ shopfront }: Model): string | undefined {
  return shopfront?.timeZone;
}

function brandOf({ shopfront }: Model) {
  return { name: shopfront?.shopName, logo: shopfront?.brand.logo };
}

/** The name of the shop beside the brand's logo, or beside a plain sign where it has none. */
export function BrandMark({ language }: { readonly language: Language }) {
  const { name, logo } = useSelect(brandOf);
  return (
    <span className="brand-mark">
      <BrandSign logo={logo} />
      <span className="brand-mark__name">{name?.[language]}</span>
    </span>
  );
}

export function BrandSign({ logo }: { readonly logo: string | undefined }) {
  if (logo !== undefined) return <img className="brand-mark__logo" src={logo} alt="" draggable={false} />;
  return (
    <span className="brand-mark__sign" aria-hidden="true">
      24
    </span>
  );
}

function Clock({ timeZone }: { readonly timeZone: string }) {
  const time = formatLocalTime(useNow(5000), timeZone).slice(-5);
  return <time className="masthead__clock">{time}</time>;
}

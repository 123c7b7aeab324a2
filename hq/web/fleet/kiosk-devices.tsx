import { deviceWords } from '../../contract/alert-words.ts';
import { fleetTexts } from '../i18n/areas/fleet.ts';
import { useAreaTexts, useLanguage } from '../i18n/use-texts.tsx';
import { Badge } from '../ui/badge.tsx';
import { Ago } from '../ui/time.tsx';
import type { KioskInFull } from './kiosk-page.tsx';

const tones = { ok: 'good', attention: 'warn', fault: 'bad' } as const;

export function KioskDevices({ kiosk: { devices } }: { readonly kiosk: KioskInFull }) {
  const texts = useAreaTexts(fleetTexts);
  const { language } = useLanguage();
  if (devices.length === 0) return <p className="k-note">{texts.noDevices}</p>;
  return (
    <ul className="fleet-devices">
      {devices.map(({ name, severity, text, advice, code, since, detail }) => (
        <li key={name} className="k-card">
          <h2>{deviceWords(name)[language]}<Badge tone={tones[severity]}>{text[language]}</Badge></h2>
          {severity !== 'ok' && <p><strong>{texts.advice}: </strong>{advice[language]}</p>}
          <p className="k-note">{texts.since} <Ago at={since} /></p>
          <p className="k-mono k-nothing">{code}{detail && `: ${detail}`}</p>
        </li>
      ))}
    </ul>
  );
}

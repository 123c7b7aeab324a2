import { useState } from 'react';
import type { OrderInFull } from '../../contract/console.ts';
import { formatFullTime } from '../i18n/times.ts';
import { useLanguage, useTexts } from '../i18n/use-texts.tsx';
import { Facts } from './section.tsx';

/** Closer than this, the kiosk's clock is not worth a line. */
const clocksAgreeMs = 60_000;

export function OrderFacts({ order: { row, shop, catalogueRevision } }: { readonly order: OrderInFull }) {
  const texts = useTexts();
  const { language } = useLanguage();
  return (
    <Facts
      facts={[
        [texts.kiosk, `${row.kioskName} · ${shop.name[language]}`],
        [texts.placed, formatFullTime(row.occurredAt, language)],
        [texts.placedByKiosk, Math.abs(row.placedAt - row.occurredAt) > clocksAgreeMs && formatFullTime(row.placedAt, language)],
        [texts.cameToHq, formatFullTime(row.receivedAt, language)],
        [texts.customerLanguage, row.language === 'zh' ? texts.chinese : texts.english],
        [texts.catalogue, texts.revision(catalogueRevision)],
        [texts.orderId, <CopyableId key="id" id={row.orderId} />],
      ]}
    />
  );
}

function CopyableId({ id }: { readonly id: string }) {
  const texts = useTexts();
  const [isCopied, setCopied] = useState(false);
  return (
    <span className="copyable">
      <code>{id}</code>
      <button type="button" className="small-button" onClick={() => void navigator.clipboard.writeText(id).then(() => setCopied(true))}>{isCopied ? texts.copied : texts.copy}</button>
    </span>
  );
}

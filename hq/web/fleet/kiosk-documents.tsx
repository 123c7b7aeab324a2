import { proofResultWords } from '../../contract/proof-words.ts';
import { fleetTexts } from '../i18n/areas/fleet.ts';
import { useAreaTexts, useLanguage } from '../i18n/use-texts.tsx';
import { Badge } from '../ui/badge.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Section } from '../ui/page.tsx';
import { Time } from '../ui/time.tsx';
import type { KioskInFull } from './kiosk-page.tsx';

/** What came down and is in force, and what went up and was held against the kiosk's signed books. */
export function KioskDocuments({ kiosk: { documents, proofs } }: { readonly kiosk: KioskInFull }) {
  const texts = useAreaTexts(fleetTexts);
  const { language } = useLanguage();
  const tones = { green: 'good', red: 'bad', waiting: 'warn' } as const;
  return (
    <>
      <Section title={texts.documents}>
        <DataTable
          label={texts.documents} rows={documents} rowKey={({ document }) => document} empty={<p className="k-note">{texts.noDocuments}</p>}
          columns={[
            { id: 'document', name: texts.document, isRowHeader: true, cell: ({ document }) => texts.documentName[document] ?? document },
            { id: 'revision', name: texts.revision, align: 'end', cell: ({ revision }) => revision },
            { id: 'outcome', name: texts.outcome, cell: ({ outcome, detail }) => <>{outcome === 'refused' ? <Badge tone="bad">{texts.refused}</Badge> : <Badge tone="good">{texts.applied}</Badge>}{detail && <span className="k-other">{detail}</span>}</> },
            { id: 'at', name: texts.time, cell: ({ occurredAt }) => <Time at={occurredAt} /> },
          ]}
        />
      </Section>
      <Section title={texts.closings}>
        <DataTable
          label={texts.closings} rows={proofs} rowKey={({ eventId }) => eventId} empty={<p className="k-note">{texts.noClosings}</p>}
          columns={[
            { id: 'day', name: texts.day, isRowHeader: true, cell: ({ day, number }) => <>{day} <span className="k-other">#{number}</span></> },
            { id: 'state', name: texts.state, cell: ({ state, found }) => <><Badge tone={tones[state]}>{texts.proof[state]}</Badge>{found && <span className="k-other">{proofResultWords(found)[language]}</span>}</> },
            { id: 'at', name: texts.time, cell: ({ closedAt }) => <Time at={closedAt} /> },
          ]}
        />
      </Section>
    </>
  );
}

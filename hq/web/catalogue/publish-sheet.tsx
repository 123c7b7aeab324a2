import { useState } from 'react';
import { formatMoney } from '../../../domain/money.ts';
import { drawings } from '../../../renderer/ui/drawings.ts';
import { publishDraft, readCatalogueScopes, readDraft, readHistory } from '../../contract/api/catalogue.ts';
import type { Warning } from '../../contract/catalogue/checks.ts';
import { catalogueWarnings } from '../../contract/catalogue/checks.ts';
import type { LooseCatalogue } from '../../contract/catalogue/difference.ts';
import { useAct } from '../api/use-api.ts';
import { catalogueTexts } from '../i18n/areas/catalogue.ts';
import { useAreaTexts, useLanguage } from '../i18n/use-texts.tsx';
import { Button } from '../ui/button.tsx';
import { SideSheet } from '../ui/dialog.tsx';
import { Checkbox, TextField } from '../ui/field.tsx';
import { Section } from '../ui/page.tsx';
import { ChangeList } from './change-list.tsx';
import { useDraft } from './draft-context.tsx';
import { DraftFailure } from './draft-failure.tsx';
import { inWords } from './edit-fields.tsx';
import { localTime } from './entry-fields.tsx';
import { getAt, textOf } from './loose.ts';
import { isCurrency } from './money.ts';

/** What will change, what is wrong, what is worth a second look; then now, or at a time. */
export function PublishSheet({ name, onClose }: { readonly name: string; readonly onClose: () => void }) {
  const texts = useAreaTexts(catalogueTexts);
  const { language } = useLanguage();
  const { loaded, catalogue, problems, changes } = useDraft();
  const [isLater, setLater] = useState(false);
  const [at, setAt] = useState(() => localTime(Date.now() + 3_600_000));
  const publishing = useAct(publishDraft, {
    invalidates: [readDraft, readCatalogueScopes, readHistory],
    done: ({ revision }) => (revision === null ? texts.planned : texts.published(revision)),
  });
  const changed = new Set(changes.filter(({ part }) => part === 'offers').map(({ id }) => id));
  const warnings = catalogueWarnings(catalogue, loaded.inForce?.catalogue as LooseCatalogue | undefined, new Set(Object.keys(drawings))).filter(({ offerId }) => changed.has(offerId));
  const offerName = (id: string) => textOf(catalogue.offers?.find((offer) => offer['id'] === id)?.['name'])[language] || id;
  const money = (amount: number | undefined) => (amount !== undefined && isCurrency(catalogue.currency) ? formatMoney({ amount, currency: catalogue.currency }) : '');
  const warningText = ({ kind, before, after }: Warning) => (kind === 'price_jumped' ? texts.warn.price_jumped(money(before), money(after)) : texts.warn[kind]);
  const publish = async () => {
    const { scope, version, inForce } = loaded;
    if (await publishing.act({ body: { scope, version, over: inForce?.revision ?? null, ...(isLater ? { at: new Date(at).getTime() } : {}) } })) onClose();
  };
  return (
    <SideSheet title={texts.publishTitle} isOpen onClose={onClose} actions={<>
      <Button onPress={onClose}>{texts.cancel}</Button>
      <Button look="main" isDisabled={problems.length > 0 || changes.length === 0 || (isLater && at === '')} isBusy={publishing.isBusy} onPress={() => void publish()}>{isLater ? texts.plan : texts.publish}</Button>
    </>}>
      <p className="k-lead">{texts.publishTo(name)}</p>
      <DraftFailure failure={publishing.failure} />
      {problems.length > 0 && (
        <Section title={texts.blocked}>
          <ul className="cat-problems">
            {problems.slice(0, 30).map((problem) => {
              const [part, index] = problem.path;
              const entry = getAt(catalogue, typeof index === 'number' ? [part!, index] : [part!]) as Record<string, unknown> | undefined;
              return <li key={`${problem.path.join('.')} ${problem.message}`}><strong>{textOf(entry?.['name'] ?? entry?.['question'])[language] || String(entry?.['id'] ?? part)}</strong> {problem.path.slice(2).map((step) => (typeof step === 'number' ? step + 1 : (texts.fieldNames[step] ?? step))).join(' › ')} {inWords(problem, texts)}</li>;
            })}
          </ul>
        </Section>
      )}
      {warnings.length > 0 && (
        <Section title={texts.warnings}>
          <ul className="cat-problems cat-warnings">{warnings.map((warning) => <li key={`${warning.offerId} ${warning.kind}`}><strong>{offerName(warning.offerId)}</strong> {warningText(warning)}</li>)}</ul>
        </Section>
      )}
      <Section title={texts.willChange}>
        {changes.length === 0 ? <p className="k-note">{texts.nothingChanged}</p> : <ChangeList changes={changes} currency={catalogue.currency} />}
      </Section>
      <Checkbox value={isLater} onChange={setLater}>{texts.at}</Checkbox>
      {isLater && <TextField label={texts.atTime} type="datetime-local" value={at} onChange={setAt} isRequired />}
    </SideSheet>
  );
}

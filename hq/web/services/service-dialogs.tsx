import { useState } from 'react';
import { formatMoney } from '../../../domain/money.ts';
import type { ApiAnswer } from '../../contract/api/route.ts';
import type { OpenServiceRow } from '../../contract/api/services.ts';
import { listServices, resubmitService, settleService } from '../../contract/api/services.ts';
import { useAct } from '../api/use-api.ts';
import { servicesTexts } from '../i18n/areas/services.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Checkbox, SelectField, TextField } from '../ui/field.tsx';
import { Facts } from '../ui/page.tsx';
import { Trouble } from '../ui/trouble.tsx';

interface ServiceDialogProps {
  readonly service: OpenServiceRow;
  readonly onClose: () => void;
}

const placeOf = ({ kioskId, jobId }: OpenServiceRow) => ({ kiosk: kioskId, job: jobId });

/** A person knows from the carrier what became of it. */
export function SettleDialog({ service, onClose }: ServiceDialogProps) {
  const texts = useAreaTexts(servicesTexts);
  const [outcome, setOutcome] = useState<'done' | 'refused'>('done');
  const [reference, setReference] = useState('');
  const [isConfirmed, setConfirmed] = useState(false);
  /** What became of it where it was to be refused and is not. */
  const [end, setEnd] = useState<Exclude<ApiAnswer<typeof settleService>, { outcome: 'refused' }>>();
  const settle = useAct(settleService, { done: (answer) => (answer.outcome === 'open' || answer.outcome !== outcome ? undefined : texts.settled), invalidates: [listServices] });
  const send = async () => {
    const words = reference.trim();
    const answer = await settle.act({ params: placeOf(service), body: outcome === 'refused' ? { outcome, isConfirmed } : { outcome, ...(words === '' ? {} : { reference: words }) } });
    if (answer && answer.outcome === outcome) onClose();
    else if (answer && answer.outcome !== 'refused') setEnd(answer);
  };
  if (end?.outcome === 'done') {
    return (
      <Dialog title={texts.creditedTitle} isOpen onClose={onClose} actions={<Button look="main" onPress={onClose}>{texts.close}</Button>}>
        <p role="status">{texts.creditedText(end.reference)}</p>
        <ServiceFacts service={service} />
      </Dialog>
    );
  }
  const choose = (chosen: typeof outcome) => {
    setOutcome(chosen);
    setConfirmed(false);
  };
  const mustConfirm = outcome === 'refused' && end?.outcome === 'open';
  return (
    <Dialog
      title={texts.settleTitle} isOpen onClose={onClose}
      actions={<><Button onPress={onClose}>{texts.keep}</Button><Button look={outcome === 'refused' ? 'danger' : 'main'} isBusy={settle.isBusy} isDisabled={mustConfirm && !isConfirmed} onPress={() => void send()}>{outcome === 'refused' ? texts.refused : texts.done}</Button></>}
    >
      <p>{texts.settleText}</p>
      <ServiceFacts service={service} />
      <SelectField label={texts.outcome} value={outcome} onChange={(id) => choose(id === 'refused' ? 'refused' : 'done')} items={[{ id: 'done', name: texts.done }, { id: 'refused', name: texts.refused }]} />
      <p>{outcome === 'done' ? texts.doneText : texts.refusedText(service.amount === null ? '–' : formatMoney(service.amount))}</p>
      {outcome === 'done' && <TextField label={texts.reference} hint={texts.referenceHint} value={reference} onChange={setReference} maxLength={60} />}
      {mustConfirm && (
        <>
          <p role="alert">{texts.notTakenBack[end.said]}</p>
          <p className="k-note">{end.detail}</p>
          <Checkbox value={isConfirmed} onChange={setConfirmed}>{texts.confirm}</Checkbox>
        </>
      )}
      <Trouble failure={settle.failure} />
    </Dialog>
  );
}

/** Sends what was given up on its way again. */
export function ResubmitDialog({ service, onClose }: ServiceDialogProps) {
  const texts = useAreaTexts(servicesTexts);
  const again = useAct(resubmitService, { done: texts.againDone, invalidates: [listServices] });
  const send = async () => {
    if (await again.act({ params: placeOf(service) })) onClose();
  };
  return (
    <Dialog title={texts.againTitle} isOpen onClose={onClose} actions={<><Button onPress={onClose}>{texts.keep}</Button><Button look="main" isBusy={again.isBusy} onPress={() => void send()}>{texts.again}</Button></>}>
      <p>{texts.againText}</p>
      <ServiceFacts service={service} />
      <Trouble failure={again.failure} />
    </Dialog>
  );
}

function ServiceFacts({ service: { kioskName, orderNumber, service, offerId, amount, detail } }: Pick<ServiceDialogProps, 'service'>) {
  const texts = useAreaTexts(servicesTexts);
  return (
    <Facts
      items={[
        [texts.order, `${orderNumber ?? texts.noOrder} · ${kioskName}`], [texts.service, [texts.kinds[service ?? 'unknown'], offerId].filter(Boolean).join(' · ')],
        ...(amount === null ? [] : [[texts.amount, formatMoney(amount)] as const]), ...(detail === null ? [] : [[texts.why, detail] as const]),
      ]}
    />
  );
}

import { useState } from 'react';
import { addWebhookRoute, listWebhookRoute, removeWebhookRoute } from '../../contract/api/alerts.ts';
import { useAct, useApi } from '../api/use-api.ts';
import { alertTexts } from '../i18n/areas/alerts.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Checkbox, TextField } from '../ui/field.tsx';
import { Loading, Trouble } from '../ui/trouble.tsx';

type WebhookKind = keyof (typeof alertTexts)['en']['webhookKinds'];
const kinds = Object.keys(alertTexts.en.webhookKinds) as WebhookKind[];

/** Addresses that HQ tells of what happens. */
export function Webhooks() {
  const texts = useAreaTexts(alertTexts);
  const { data, error, refetch } = useApi(listWebhookRoute, {}, { everyMs: 15_000 });
  const remove = useAct(removeWebhookRoute, { done: texts.removed, invalidates: [listWebhookRoute] });
  const [isAdding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string>();
  if (!data) return error ? <Trouble failure={error} onAgain={() => void refetch()} /> : <Loading />;
  return (
    <>
      <p className="k-lead">{texts.webhooksLead}</p>
      <div className="k-actions"><Button look="main" onPress={() => setAdding(true)}>{texts.addWebhook}</Button></div>
      <DataTable
        label={texts.webhooks}
        rows={data.webhooks}
        rowKey={({ id }) => id}
        empty={<p>{texts.noWebhooks}</p>}
        columns={[
          { id: 'address', name: texts.address, isRowHeader: true, cell: ({ url }) => url },
          { id: 'kinds', name: texts.tellsOf, cell: (webhook) => webhook.kinds.map((kind) => texts.webhookKinds[kind as WebhookKind] ?? kind).join(', ') },
          { id: 'state', name: texts.state, cell: ({ disabledAt }) => (disabledAt === null ? <Badge tone="good">{texts.active}</Badge> : <Badge tone="quiet">{texts.disabled}</Badge>) },
          { id: 'waiting', name: texts.waiting, align: 'end', cell: ({ due }) => due },
          { id: 'dead', name: texts.givenUp, align: 'end', cell: ({ dead }) => dead },
          { id: 'remove', name: '', cell: ({ id, url }) => <Button look="danger" label={`${texts.remove}: ${url}`} isBusy={remove.isBusy} onPress={() => void remove.act({ params: { webhook: id } })}>{texts.remove}</Button> },
        ]}
      />
      <Trouble failure={remove.failure} />
      {isAdding && <AddDialog onClose={() => setAdding(false)} onAdded={(given) => { setAdding(false); setSecret(given); }} />}
      {secret !== undefined && (
        <Dialog title={texts.secretTitle} isOpen onClose={() => setSecret(undefined)} actions={<Button look="main" onPress={() => setSecret(undefined)}>{texts.done}</Button>}>
          <p>{texts.secretText}</p>
          <TextField label={texts.secret} value={secret} onChange={() => {}} isReadOnly />
        </Dialog>
      )}
    </>
  );
}

function AddDialog({ onClose, onAdded }: { readonly onClose: () => void; readonly onAdded: (secret: string) => void }) {
  const texts = useAreaTexts(alertTexts);
  const [url, setUrl] = useState('');
  const [chosen, setChosen] = useState<readonly WebhookKind[]>(['alarm']);
  const add = useAct(addWebhookRoute, { invalidates: [listWebhookRoute] });
  return (
    <Dialog
      title={texts.addWebhook}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button look="quiet" onPress={onClose}>{texts.cancel}</Button>
          <Button look="main" isBusy={add.isBusy} isDisabled={url === '' || chosen.length === 0} onPress={() => void add.act({ body: { url, kinds: [...chosen] } }).then((done) => done && onAdded(done.secret))}>{texts.add}</Button>
        </>
      }
    >
      <TextField label={texts.address} type="url" value={url} onChange={setUrl} placeholder="https://" isRequired />
      <fieldset className="k-ticks">
        <legend className="k-label">{texts.tellsOf}</legend>
        {kinds.map((kind) => (
          <Checkbox key={kind} value={chosen.includes(kind)} onChange={(is) => setChosen((before) => (is ? [...before, kind] : before.filter((one) => one !== kind)))}>{texts.webhookKinds[kind]}</Checkbox>
        ))}
      </fieldset>
      <Trouble failure={add.failure} />
    </Dialog>
  );
}

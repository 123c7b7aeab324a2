import { useState } from 'react';
import type { Alert } from '../../contract/api/alerts.ts';
import { acknowledgeAlert, alertKindSchema, hqItself, listAlerts, settleAlert } from '../../contract/api/alerts.ts';
import { useMe } from '../api/me.tsx';
import { useAct } from '../api/use-api.ts';
import { alertTexts } from '../i18n/areas/alerts.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button, ButtonLink } from '../ui/button.tsx';
import { SideSheet } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { Facts } from '../ui/page.tsx';
import { Time } from '../ui/time.tsx';
import { Trouble } from '../ui/trouble.tsx';
import { AlarmKind } from './alarm-kind.tsx';
import { AlertDetail, AlertState, toneOf } from './alert-words.tsx';

/** One alert: what it is about, what to do, and who takes care of it. */
export function AlertSheet({ alert, onClose }: { readonly alert: Alert | undefined; readonly onClose: () => void }) {
  const texts = useAreaTexts(alertTexts);
  const { may } = useMe();
  const [note, setNote] = useState('');
  const [noted, setNoted] = useState<string>();
  if (alert && noted !== alert.alertId) {
    setNoted(alert.alertId);
    setNote(alert.acknowledged?.note ?? '');
  }
  const seen = useAct(acknowledgeAlert, { done: texts.acknowledged, invalidates: [listAlerts] });
  const end = useAct(settleAlert, { done: texts.endDone, invalidates: [listAlerts] });
  if (!alert) return null;
  const kind = alertKindSchema.safeParse(alert.kind);
  const params = { kiosk: alert.kioskId, alert: alert.alertId };
  const mayAnswer = may('alerts.answer') && !alert.settled;
  return (
    <SideSheet
      title={kind.success ? texts.kinds[kind.data].name : alert.kind}
      isOpen
      onClose={onClose}
      actions={mayAnswer && (
        <>
          <Button look="quiet" isBusy={end.isBusy} onPress={() => void end.act({ params }).then((done) => done && onClose())}>{texts.end}</Button>
          <Button look="main" isBusy={seen.isBusy} onPress={() => void seen.act({ params, body: { note } })}>{texts.acknowledge}</Button>
        </>
      )}
    >
      <Facts
        items={[
          alert.kioskId === hqItself
            ? [texts.kiosk, alert.kioskName]
            : [texts.kiosk, <ButtonLink key="kiosk" look="quiet" to={`/fleet/${alert.kioskId}`}>{alert.kioskName}</ButtonLink>],
          [texts.what, <AlarmKind key="what" kind={alert.kind} />],
          [texts.severityName, <Badge key="severity" tone={toneOf[alert.severity]}>{texts.severity[alert.severity]}</Badge>],
          [texts.since, <Time key="since" at={alert.at} />],
          [texts.last, <Time key="last" at={alert.lastAt} />],
          [texts.times, alert.times],
          [texts.state, <AlertState key="state" alert={alert} />],
          [texts.detail, <AlertDetail key="detail" alert={alert} />],
          ...(kind.success ? [[texts.toDo, texts.kinds[kind.data].advice] as const] : []),
        ]}
      />
      {mayAnswer ? <TextField label={texts.note} hint={texts.noteHint} value={note} onChange={setNote} multiline maxLength={500} /> : alert.acknowledged?.note ? <p>{alert.acknowledged.note}</p> : null}
      {mayAnswer && <p className="k-hint">{texts.endHint}</p>}
      <Trouble failure={seen.failure ?? end.failure} />
    </SideSheet>
  );
}

import { useState } from 'react';
import type { AlertRule, Severity } from '../../contract/api/alerts.ts';
import { listAlertRules, sendTestMail, setAlertRule, severities } from '../../contract/api/alerts.ts';
import { useMe } from '../api/me.tsx';
import { useAct, useApi } from '../api/use-api.ts';
import { alertTexts } from '../i18n/areas/alerts.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { NumberField, SelectField, Switch, TextField } from '../ui/field.tsx';
import { Loading, Trouble } from '../ui/trouble.tsx';
import { toneOf } from './alert-words.tsx';

type MeasureName = keyof (typeof alertTexts)['en']['measures'];

/** What is watched, by which measure, and who is written to. */
export function Rules() {
  const texts = useAreaTexts(alertTexts);
  const { may } = useMe();
  const { data, error, refetch } = useApi(listAlertRules);
  const [edited, setEdited] = useState<AlertRule>();
  if (!data) return error ? <Trouble failure={error} onAgain={() => void refetch()} /> : <Loading />;
  return (
    <>
      <p className="k-lead">{texts.rulesLead}</p>
      {!data.canMail && <p className="k-banner">{texts.noMailServer}</p>}
      <DataTable
        label={texts.rules}
        rows={data.rules}
        rowKey={({ kind, groupId }) => `${kind} ${groupId}`}
        columns={[
          { id: 'rule', name: texts.rule, isRowHeader: true, cell: ({ kind }) => texts.kinds[kind].name },
          { id: 'when', name: texts.what, cell: ({ kind }) => texts.kinds[kind].when },
          { id: 'measures', name: '', cell: ({ measures }) => Object.entries(measures).map(([name, value]) => `${texts.measures[name as MeasureName]} ${value}`).join(', ') },
          { id: 'for', name: texts.forGroup, cell: ({ groupId }) => (groupId === '' ? texts.forAll : groupId) },
          { id: 'severity', name: texts.severityName, cell: ({ isOn, severity }) => (isOn ? <Badge tone={toneOf[severity]}>{texts.severity[severity]}</Badge> : <Badge tone="quiet">{texts.isOff}</Badge>) },
          { id: 'mail', name: texts.mailTo, cell: ({ mailTo }) => (mailTo.length === 0 ? texts.nobody : texts.people(mailTo.length)) },
          { id: 'by', name: '', hideBelow: 'medium', cell: ({ changedBy }) => (changedBy === null ? texts.usual : texts.changedBy(changedBy)) },
          ...(may('alerts.edit') ? [{ id: 'edit', name: '', cell: (rule: AlertRule) => <Button look="quiet" label={`${texts.rule}: ${texts.kinds[rule.kind].name}`} onPress={() => setEdited(rule)}>{texts.rule}</Button> }] : []),
        ]}
      />
      {edited && <RuleDialog key={`${edited.kind} ${edited.groupId}`} rule={edited} onClose={() => setEdited(undefined)} />}
    </>
  );
}

function RuleDialog({ rule, onClose }: { readonly rule: AlertRule; readonly onClose: () => void }) {
  const texts = useAreaTexts(alertTexts);
  const [isOn, setOn] = useState(rule.isOn);
  const [severity, setSeverity] = useState<Severity>(rule.severity);
  const [measures, setMeasures] = useState<Readonly<Record<string, number>>>(rule.measures);
  const [mailTo, setMailTo] = useState(rule.mailTo.join('\n'));
  const save = useAct(setAlertRule, { done: texts.saved, invalidates: [listAlertRules] });
  const test = useAct(sendTestMail, { done: ({ sent, error }) => (sent ? texts.testMailSent : error) });
  const addresses = mailTo.split(/[\s,;]+/).filter((address) => address !== '');
  const isWrong = addresses.some((address) => !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(address));
  return (
    <Dialog
      title={`${texts.rule}: ${texts.kinds[rule.kind].name}`}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button look="quiet" onPress={onClose}>{texts.cancel}</Button>
          <Button look="main" isBusy={save.isBusy} isDisabled={isWrong} onPress={() => void save.act({ params: { kind: rule.kind }, query: { group: rule.groupId }, body: { isOn, severity, measures, mailTo: addresses } }).then((done) => done && onClose())}>{texts.save}</Button>
        </>
      }
    >
      <p>{texts.kinds[rule.kind].when}</p>
      <Switch value={isOn} onChange={setOn}>{texts.isOn}</Switch>
      <SelectField label={texts.severityName} value={severity} onChange={(id) => setSeverity(id as Severity)} items={severities.map((id) => ({ id, name: texts.severity[id] }))} />
      {Object.entries(measures).map(([name, value]) => (
        <NumberField key={name} label={texts.measures[name as MeasureName]} value={value} min={0} onChange={(next) => setMeasures((before) => ({ ...before, [name]: next ?? 0 }))} />
      ))}
      <TextField label={texts.mailTo} hint={texts.mailToHint} value={mailTo} onChange={setMailTo} multiline error={isWrong ? texts.mailWrong : undefined} />
      {addresses[0] !== undefined && !isWrong && <Button look="quiet" isBusy={test.isBusy} onPress={() => void test.act({ body: { address: addresses[0]! } })}>{`${texts.testMail}: ${addresses[0]}`}</Button>}
      <Trouble failure={save.failure ?? test.failure} />
    </Dialog>
  );
}

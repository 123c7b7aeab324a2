import { useState } from 'react';
import type { AlertRule, Severity } from '../../contract/api/alerts.ts';
import { listAlertRules, removeAlertRule, sendTestMail, setAlertRule, severities } from '../../contract/api/alerts.ts';
import { listGroups } from '../../contract/api/fleet.ts';
import { useMe } from '../api/me.tsx';
import { useAct, useApi } from '../api/use-api.ts';
import { NewerVersion } from '../edit/newer-version.tsx';
import { useEditing } from '../edit/use-editing.ts';
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
/** No group's id is empty; a choice's must not be. */
const everywhere = 'all-kiosks';

/** What is watched, by which measure, and who is written to. */
export function Rules() {
  const texts = useAreaTexts(alertTexts);
  const { may } = useMe();
  const { data, error, refetch } = useApi(listAlertRules, {}, { everyMs: 30_000 });
  const groups = useGroupNames();
  const [edited, setEdited] = useState<AlertRule>();
  if (!data) return error ? <Trouble failure={error} onAgain={() => void refetch()} /> : <Loading />;
  return (
    <>
      <p className="k-lead">{texts.rulesLead}</p>
      {!data.canMail && <p className="k-hint">{texts.noMailServer}</p>}
      <DataTable
        label={texts.rules}
        rows={data.rules}
        rowKey={({ kind, groupId }) => `${kind} ${groupId}`}
        columns={[
          { id: 'rule', name: texts.rule, isRowHeader: true, cell: ({ kind }) => texts.kinds[kind].name },
          { id: 'when', name: texts.what, cell: ({ kind, measures }) => <><span>{texts.kinds[kind].when}</span> <span className="k-hint">{Object.entries(measures).map(([name, value]) => `${texts.measures[name as MeasureName]}: ${value}`).join(' · ')}</span></> },
          { id: 'for', name: texts.appliesTo, cell: ({ groupId }) => (groupId === '' ? texts.forAll : (groups.get(groupId) ?? groupId)) },
          { id: 'severity', name: texts.severityName, cell: ({ isOn, severity }) => (isOn ? <Badge tone={toneOf[severity]}>{texts.severity[severity]}</Badge> : <Badge tone="quiet">{texts.isOff}</Badge>) },
          { id: 'by', name: texts.state, hideBelow: 'medium', cell: ({ changedBy }) => (changedBy === null ? texts.usual : texts.changedBy(changedBy)) },
          ...(may('alerts.edit') ? [{ id: 'mail', name: texts.mailTo, hideBelow: 'medium' as const, cell: ({ mailTo }: AlertRule) => (mailTo.length === 0 ? texts.nobody : texts.people(mailTo.length)) }, { id: 'edit', name: '', cell: (rule: AlertRule) => <Button look="quiet" label={`${texts.edit}: ${texts.kinds[rule.kind].name}`} onPress={() => setEdited(rule)}>{texts.edit}</Button> }] : []),
        ]}
      />
      {edited && <RuleDialog key={`${edited.kind} ${edited.groupId}`} rule={edited} rules={data.rules} groups={groups} onClose={() => setEdited(undefined)} />}
    </>
  );
}

function useGroupNames(): ReadonlyMap<string, string> {
  const { data } = useApi(listGroups);
  return new Map(data?.groups.map(({ groupId, name }) => [groupId, name]));
}

interface Typed { readonly isOn: boolean; readonly severity: Severity; readonly measures: Readonly<Record<string, number>>; readonly mailTo: string }

function typedOf({ isOn, severity, measures, mailTo }: AlertRule): Typed {
  return { isOn, severity, measures, mailTo: mailTo.join('\n') };
}

interface RuleDialogProps {
  readonly rule: AlertRule;
  /** All, as HQ has them now. */
  readonly rules: readonly AlertRule[];
  readonly groups: ReadonlyMap<string, string>;
  readonly onClose: () => void;
}

function RuleDialog({ rule, rules, groups, onClose }: RuleDialogProps) {
  const texts = useAreaTexts(alertTexts);
  const [groupId, setGroupId] = useState(rule.groupId);
  const ruleOf = (group: string) => rules.find((one) => one.kind === rule.kind && one.groupId === group);
  const held = ruleOf(rule.groupId);
  const editing = useEditing<Typed | undefined>({ version: held?.changedAt ?? 0, by: held?.changedBy ?? null, at: held?.changedAt ?? null, value: held && typedOf(held) });
  const { newer, over } = editing;
  const typed = editing.value ?? typedOf(rule);
  const { isOn, severity, measures, mailTo } = typed;
  const change = (part: Partial<Typed>) => editing.set({ ...typed, ...part });
  const save = useAct(setAlertRule, { done: texts.saved, invalidates: [listAlertRules] });
  const remove = useAct(removeAlertRule, { done: texts.removedRule, invalidates: [listAlertRules] });
  const test = useAct(sendTestMail, { done: ({ sent, error }) => (sent ? texts.testMailSent : error) });
  const addresses = mailTo.split(/[\s,;]+/).filter((address) => address !== '');
  const isWrong = addresses.some((address) => !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(address));
  const first = addresses[0];
  // For another group it goes over that group's own, where there is one.
  const overAt = groupId === rule.groupId ? over.version : (ruleOf(groupId)?.changedAt ?? 0);
  const write = async () => {
    if (await save.act({ params: { kind: rule.kind }, query: { group: groupId }, body: { over: overAt === 0 ? null : overAt, isOn, severity, measures, mailTo: addresses } })) onClose();
  };
  const lines = (of: Typed | undefined) => (of === undefined ? {} : {
    [texts.isOn]: of.isOn ? texts.isOn : texts.isOff, [texts.severityName]: texts.severity[of.severity],
    ...Object.fromEntries(Object.entries(of.measures).map(([name, value]) => [texts.measures[name as MeasureName], String(value)])), [texts.mailTo]: of.mailTo.split('\n').join(', '),
  });
  if (editing.value === undefined) return null;
  return (
    <Dialog
      title={`${texts.rule}: ${texts.kinds[rule.kind].name}`}
      isOpen
      onClose={onClose}
      actions={
        <>
          {rule.groupId !== '' && <Button look="danger" isDisabled={newer !== undefined} isBusy={remove.isBusy} onPress={() => void remove.act({ params: { kind: rule.kind }, query: { group: rule.groupId } }).then((done) => done && onClose())}>{texts.removeRule}</Button>}
          <Button look="quiet" onPress={onClose}>{texts.cancel}</Button>
          <Button look="main" isBusy={save.isBusy} isDisabled={isWrong || newer !== undefined} onPress={() => void write()}>{texts.save}</Button>
        </>
      }
    >
      <p>{texts.kinds[rule.kind].when}</p>
      <SelectField label={texts.appliesTo} value={groupId === '' ? everywhere : groupId} isDisabled={rule.groupId !== ''} onChange={(id) => setGroupId(id === everywhere ? '' : id)} items={[{ id: everywhere, name: texts.forAll }, ...[...groups].map(([id, name]) => ({ id, name }))]} />
      <Switch value={isOn} onChange={(next) => change({ isOn: next })}>{texts.isOn}</Switch>
      <SelectField label={texts.severityName} value={severity} onChange={(id) => change({ severity: id as Severity })} items={severities.map((id) => ({ id, name: texts.severity[id] }))} />
      {Object.entries(measures).map(([name, value]) => (
        <NumberField key={name} label={texts.measures[name as MeasureName]} value={value} min={0} onChange={(next) => change({ measures: { ...measures, [name]: next ?? 0 } })} />
      ))}
      <TextField label={texts.mailTo} hint={texts.mailToHint} value={mailTo} onChange={(next) => change({ mailTo: next })} multiline error={isWrong ? texts.mailWrong : undefined} />
      {first !== undefined && !isWrong && <Button look="quiet" isBusy={test.isBusy} onPress={() => void test.act({ body: { address: first } })}>{`${texts.testMail}: ${first}`}</Button>}
      {newer ? <NewerVersion editing={editing} isRemoved={newer.value === undefined} lines={lines} onDecided={save.forget} /> : <Trouble failure={save.failure ?? remove.failure ?? test.failure} />}
    </Dialog>
  );
}

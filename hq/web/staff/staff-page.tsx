import { useState } from 'react';
import type { StaffMemberRow } from '../../contract/api/staff.ts';
import { readStaff } from '../../contract/api/staff.ts';
import { useApi } from '../api/use-api.ts';
import { staffTexts } from '../i18n/areas/staff.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Switch } from '../ui/field.tsx';
import { Empty, Page } from '../ui/page.tsx';
import { Ago, Time } from '../ui/time.tsx';
import { Loading, Trouble } from '../ui/trouble.tsx';
import { MemberSheet } from './member-sheet.tsx';
import './staff.css';

/** Members of staff at the kiosks. */
export function StaffPage() {
  const texts = useAreaTexts(staffTexts);
  const { data, error, refetch } = useApi(readStaff);
  const [opened, setOpened] = useState<string | 'new' | undefined>();
  const [withEnded, setWithEnded] = useState(false);
  const members = (data?.members ?? []).filter(({ endedAt }) => withEnded || endedAt === null);
  const member = data?.members.find(({ number }) => number === opened);
  const add = <Button look="main" onPress={() => setOpened('new')}>{texts.add}</Button>;
  return (
    <Page title={texts.title} lead={texts.lead} actions={add} filters={data && data.members.some(({ endedAt }) => endedAt !== null) ? <Switch value={withEnded} onChange={setWithEnded}>{texts.showEnded}</Switch> : undefined}>
      {error && <Trouble failure={error} onAgain={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data && (
        <DataTable
          label={texts.title} rows={members} rowKey={({ number }) => number} currentKey={opened} empty={<Empty title={texts.none} text={texts.noneText} action={add} />}
          columns={[
            { id: 'name', name: texts.name, isRowHeader: true, cell: ({ name, number }) => <>
              <button type="button" className="staff-row-button" onClick={() => setOpened(number)}>{name}</button><span className="k-other">{number}</span>
            </> },
            { id: 'role', name: texts.role, cell: ({ role }) => texts.roles[role] },
            { id: 'state', name: texts.state, cell: (row) => <MemberState member={row} /> },
            { id: 'places', name: texts.places, cell: ({ places }) => places.map(({ scope, name }) => (scope === 'all' ? texts.everywhere : scope.startsWith('group:') ? texts.group(name) : name)).join(', ') },
            { id: 'card', name: texts.card, hideBelow: 'medium', cell: ({ hasCard }) => (hasCard ? texts.hasCard : texts.noCard) },
            { id: 'changed', name: texts.changed, hideBelow: 'medium', cell: ({ changedAt, changedBy }) => <><Ago at={changedAt} /><span className="k-other">{texts.by(changedBy)}</span></> },
          ]}
        />
      )}
      {data && opened !== undefined && (opened === 'new' || member) && <MemberSheet key={opened} places={data} member={opened === 'new' ? undefined : member} onClose={() => setOpened(undefined)} onAdded={setOpened} />}
    </Page>
  );
}

function MemberState({ member: { endedAt, isEnrolled, codesLeft, linkUntil } }: { readonly member: StaffMemberRow }) {
  const texts = useAreaTexts(staffTexts);
  if (endedAt !== null) return <Badge tone="quiet" icon="cross">{texts.ended}</Badge>;
  return (
    <>
      {isEnrolled ? <Badge tone="good">{texts.enrolled}</Badge> : <Badge tone="warn">{texts.notEnrolled}</Badge>}
      {isEnrolled && codesLeft < 4 && <span className="k-other">{texts.codesLeft(codesLeft)}</span>}
      {linkUntil !== null && <span className="k-other">{texts.linkOpen} <Time at={linkUntil} /></span>}
    </>
  );
}

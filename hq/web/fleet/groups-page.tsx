import './fleet.css';
import { useState } from 'react';
import { addGroup, listFleet, listGroups, readKioskRoute, removeGroup, updateGroup } from '../../contract/api/fleet.ts';
import type { ApiAnswer } from '../../contract/api/route.ts';
import { useMe } from '../api/me.tsx';
import { useAct, useApi } from '../api/use-api.ts';
import { NewerVersion } from '../edit/newer-version.tsx';
import { useEditing } from '../edit/use-editing.ts';
import { fleetTexts } from '../i18n/areas/fleet.ts';
import { uiTexts } from '../i18n/areas/ui.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Button, ButtonLink } from '../ui/button.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Checkbox, TextField } from '../ui/field.tsx';
import { SearchField } from '../ui/filter-bar.tsx';
import { Empty, Page } from '../ui/page.tsx';
import { Link } from '../router.tsx';
import { Loading, Trouble } from '../ui/trouble.tsx';

type Group = ApiAnswer<typeof listGroups>['groups'][number];

export function GroupsPage() {
  const texts = useAreaTexts(fleetTexts);
  const { may } = useMe();
  const { data, error, refetch } = useApi(listGroups, {}, { everyMs: 30_000 });
  const [edited, setEdited] = useState<string>();
  const mayEdit = may('fleet.enrol');
  return (
    <Page
      title={texts.groups} lead={texts.noGroupsText}
      actions={<><ButtonLink to="/fleet">{texts.title}</ButtonLink>{mayEdit && <Button look="main" onPress={() => setEdited('new')}>{texts.addGroup}</Button>}</>}
    >
      <Trouble failure={error} onAgain={() => void refetch()} />
      {!data ? !error && <Loading /> : (
        <DataTable
          label={texts.groups} rows={data.groups} rowKey={({ groupId }) => groupId} empty={<Empty title={texts.noGroups} text={texts.noGroupsText} />}
          columns={[
            { id: 'name', name: texts.groupName, isRowHeader: true, cell: ({ name }) => name },
            { id: 'members', name: texts.members, cell: ({ groupId, kiosks }) => <Link to={`/fleet?group=${groupId}`} className="k-link">{texts.memberCount(kiosks.length)}</Link> },
            { id: 'act', name: '', cell: (group) => (mayEdit ? <Button onPress={() => setEdited(group.groupId)}>{texts.edit}</Button> : null) },
          ]}
        />
      )}
      {data && edited !== undefined && <GroupDialog key={edited} isNew={edited === 'new'} group={data.groups.find(({ groupId }) => groupId === edited)} onClose={() => setEdited(undefined)} />}
    </Page>
  );
}

interface Typed { readonly name: string; readonly members: readonly string[] }
const empty: Typed = { name: '', members: [] };

/** @param group as HQ has it now; undefined of a new one, and where somebody has removed it */
function GroupDialog({ isNew, group, onClose }: { readonly isNew: boolean; readonly group: Group | undefined; readonly onClose: () => void }) {
  const texts = useAreaTexts(fleetTexts);
  const ui = useAreaTexts(uiTexts);
  const editing = useEditing<Typed | undefined>({ version: group?.version ?? 0, by: group?.changedBy ?? null, at: group?.changedAt ?? null, value: isNew ? empty : group && { name: group.name, members: [...group.kiosks].sort() } }, (of) => of && { name: of.name.trim(), members: [...of.members].sort() });
  const { newer, over } = editing;
  const { name, members } = editing.value ?? empty;
  const setMembers = (next: readonly string[]) => editing.set({ name, members: next });
  const [search, setSearch] = useState('');
  const [isRemoving, setRemoving] = useState(false);
  const invalidates = [listGroups, listFleet, readKioskRoute];
  const add = useAct(addGroup, { invalidates, done: texts.saved });
  const change = useAct(updateGroup, { invalidates, done: texts.saved });
  const remove = useAct(removeGroup, { invalidates, done: texts.removed });
  const found = useApi(listFleet, { query: { ...(search === '' ? {} : { search }), limit: 200 } }, { keepsLast: true }).data?.kiosks ?? [];
  const save = async () => {
    const body = { name: name.trim(), kiosks: members as never };
    // One that somebody has removed, and whose removal was seen, is made anew.
    if (group ? await change.act({ params: { group: group.groupId }, body: { ...body, version: over.version } }) : await add.act({ body })) onClose();
  };
  const drop = async () => {
    if (group && await remove.act({ params: { group: group.groupId }, query: { version: over.version } })) onClose();
  };
  if (editing.value === undefined) return null;
  const nameOf = (id: string) => found.find(({ kioskId }) => kioskId === id)?.name ?? id;
  return (
    <Dialog
      title={group ? group.name : texts.addGroup} isOpen onClose={onClose}
      actions={isRemoving
        ? <><Button onPress={() => setRemoving(false)}>{ui.cancel}</Button><Button look="danger" isDisabled={newer !== undefined || group === undefined} isBusy={remove.isBusy} onPress={() => void drop()}>{texts.removeGroup}</Button></>
        : <>{group && <Button look="danger" isDisabled={newer !== undefined} onPress={() => setRemoving(true)}>{texts.removeGroup}</Button>}<Button onPress={onClose}>{ui.cancel}</Button><Button look="main" isDisabled={name.trim() === '' || newer !== undefined} isBusy={add.isBusy || change.isBusy} onPress={() => void save()}>{ui.save}</Button></>}
    >
      {isRemoving ? <p className="k-strong-note">{texts.removeGroupText}</p> : (
        <>
          <TextField label={texts.groupName} value={name} onChange={(next) => editing.set({ name: next, members })} isRequired maxLength={60} />
          <SearchField label={texts.search} value={search} onChange={setSearch} placeholder={texts.searchHint} />
          <fieldset>
            <legend className="k-label">{texts.members}: {texts.memberCount(members.length)}</legend>
            <div className="fleet-members" tabIndex={0} role="group" aria-label={texts.members}>
              {found.map(({ kioskId, name: kioskName }) => (
                <Checkbox key={kioskId} value={members.includes(kioskId)} onChange={(on) => setMembers(on ? [...members, kioskId] : members.filter((id) => id !== kioskId))}>{kioskName}</Checkbox>
              ))}
            </div>
          </fieldset>
        </>
      )}
      {newer ? <NewerVersion editing={editing} isRemoved={newer.value === undefined} lines={(of) => ({ [texts.groupName]: of?.name ?? '', [texts.members]: (of?.members ?? []).map(nameOf).join(', ') })} onDecided={() => { change.forget(); remove.forget(); }} /> : <Trouble failure={add.failure ?? change.failure ?? remove.failure} />}
    </Dialog>
  );
}

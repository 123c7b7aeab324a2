import { useState } from 'react';
import { staffRoles } from '../../../domain/staff/role.ts';
import type { StaffRole } from '../../../domain/staff/role.ts';
import type { Places, ScopeText } from '../../contract/api/scope.ts';
import type { StaffMemberRow } from '../../contract/api/staff.ts';
import { addStaff, cardStaff, changeStaff, dropCard, endStaff, linkStaff, readStaff } from '../../contract/api/staff.ts';
import { useAct } from '../api/use-api.ts';
import { scopeItems, scopeName } from '../catalogue/scope-items.ts';
import { NewerVersion } from '../edit/newer-version.tsx';
import { useEditing } from '../edit/use-editing.ts';
import { staffTexts } from '../i18n/areas/staff.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Button, ButtonLink } from '../ui/button.tsx';
import { Dialog, SideSheet } from '../ui/dialog.tsx';
import { ComboField, SelectField, TextField } from '../ui/field.tsx';
import { Icon } from '../ui/icon.tsx';
import { Section } from '../ui/page.tsx';
import { Time } from '../ui/time.tsx';
import { toast } from '../ui/toaster.tsx';
import { Trouble } from '../ui/trouble.tsx';
import { Qr } from './qr.tsx';

interface MemberSheetProps {
  readonly places: Places;
  /** Undefined where somebody is added. */
  readonly member: StaffMemberRow | undefined;
  readonly onClose: () => void;
  readonly onAdded: (number: string) => void;
}

interface Typed { readonly name: string; readonly role: StaffRole; readonly places: readonly string[] }
const newcomer: Typed = { name: '', role: 'restocker', places: ['all'] };

export function MemberSheet({ places, member, onClose, onAdded }: MemberSheetProps) {
  const texts = useAreaTexts(staffTexts);
  const [number, setNumber] = useState(member?.number ?? '');
  const editing = useEditing<Typed>({
    version: member?.changedAt ?? 0, by: member?.changedBy ?? null, at: member?.changedAt ?? null, value: member ? { name: member.name, role: member.role, places: member.places.map(({ scope }) => scope) } : newcomer,
  });
  const { value: { name, role, places: chosen }, newer, over, set } = editing;
  const change = (part: Partial<Typed>) => set({ name, role, places: chosen, ...part });
  const adding = useAct(addStaff, { invalidates: [readStaff] });
  const changing = useAct(changeStaff, { done: texts.saved, invalidates: [readStaff] });
  const isEnded = member !== undefined && member.endedAt !== null;
  const failure = adding.failure ?? changing.failure;
  const isNumberTaken = failure?.more['field'] === 'number';
  const save = async () => {
    const body = { name, role, places: chosen as ScopeText[] };
    if (member) {
      if (await changing.act({ params: { number: member.number }, body: { ...body, changedAt: over.version } })) editing.saved();
    } else if (await adding.act({ body: { number, ...body } })) onAdded(number);
  };
  const lines = (of: Typed) => ({ [texts.name]: of.name, [texts.role]: texts.roles[of.role], [texts.places]: of.places.map((scope) => scopeName(places, texts, scope)).join(', ') });
  const isWhole = /^\d{3,12}$/.test(number) && name.trim() !== '' && chosen.length > 0;
  return (
    <SideSheet title={member?.name ?? texts.add} isOpen onClose={onClose} actions={isEnded ? undefined : <>
      <Button onPress={onClose}>{texts.cancel}</Button>
      <Button look="main" onPress={() => void save()} isDisabled={!isWhole || newer !== undefined} isBusy={adding.isBusy || changing.isBusy}>{texts.save}</Button>
    </>}>
      <div className="k-form">
        {newer ? <NewerVersion editing={editing} lines={lines} onDecided={changing.forget} /> : failure && !isNumberTaken && <Trouble failure={failure} />}
        <TextField label={texts.number} value={number} onChange={setNumber} isDisabled={member !== undefined} hint={member ? undefined : texts.numberHint} error={isNumberTaken ? texts.numberTaken : undefined} inputMode="numeric" maxLength={12} isRequired />
        <TextField label={texts.name} value={name} onChange={(next) => change({ name: next })} isDisabled={isEnded} maxLength={60} isRequired />
        <SelectField label={texts.role} value={role} onChange={(id) => change({ role: id as StaffRole })} isDisabled={isEnded} hint={texts.roleText[role]} items={staffRoles.map((id) => ({ id, name: texts.roles[id] }))} />
        <PlacesField places={places} chosen={chosen} onChange={(next) => change({ places: next })} isDisabled={isEnded} />
      </div>
      {member && !isEnded && <MemberKeys member={member} />}
    </SideSheet>
  );
}

function PlacesField({ places, chosen, onChange, isDisabled }: { readonly places: Places; readonly chosen: readonly string[]; readonly onChange: (chosen: readonly string[]) => void; readonly isDisabled: boolean }) {
  const texts = useAreaTexts(staffTexts);
  const rest = scopeItems(places, texts).filter(({ id }) => !chosen.includes(id));
  return (
    <div className="k-field">
      <span className="k-label">{texts.places}</span>
      <div className="staff-places">
        {chosen.map((scope) => {
          const name = scopeName(places, texts, scope);
          return <span key={scope} className="staff-place">{name}{!isDisabled && <button type="button" aria-label={texts.removePlace(name)} onClick={() => onChange(chosen.filter((other) => other !== scope))}><Icon name="cross" /></button>}</span>;
        })}
      </div>
      {!isDisabled && <ComboField key={chosen.join(' ')} label={texts.addPlace} items={rest} value="" onChange={(scope) => scope !== '' && onChange(scope === 'all' ? ['all'] : [...chosen.filter((other) => other !== 'all'), scope])} />}
    </div>
  );
}

/** What they come in with: each is shown once, to whom it is for. */
function MemberKeys({ member: { number, name, hasCard, role } }: { readonly member: StaffMemberRow }) {
  const texts = useAreaTexts(staffTexts);
  const params = { number };
  const again = { invalidates: [readStaff] } as const;
  const linking = useAct(linkStaff, again);
  const making = useAct(cardStaff, again);
  const dropping = useAct(dropCard, { ...again, done: texts.done });
  const ending = useAct(endStaff, { ...again, done: texts.done });
  const [link, setLink] = useState<{ readonly path: string; readonly until: number }>();
  const [card, setCard] = useState<string>();
  const [asksEnd, setAsksEnd] = useState(false);
  const address = link ? `${location.origin}${link.path}` : '';
  return (
    <Section title={texts.state}>
      <Trouble failure={linking.failure ?? making.failure ?? dropping.failure ?? ending.failure} />
      <div className="k-actions">
        <Button onPress={() => void linking.act({ params }).then((made) => made && setLink(made))} isBusy={linking.isBusy}>{texts.makeLink}</Button>
        <Button onPress={() => void making.act({ params }).then((made) => made && setCard(made.text))} isBusy={making.isBusy}>{texts.makeCard}</Button>
        {hasCard && <Button onPress={() => void dropping.act({ params })} isBusy={dropping.isBusy}>{texts.dropCard}</Button>}
        <Button look="danger" onPress={() => setAsksEnd(true)}>{texts.end}</Button>
      </div>
      <Dialog title={texts.linkTitle(name)} isOpen={link !== undefined} onClose={() => setLink(undefined)} actions={<>
        <Button onPress={() => void navigator.clipboard.writeText(address).then(() => toast(texts.copied))}>{texts.copy}</Button>
        {link && <ButtonLink to={link.path}>{texts.openHere}</ButtonLink>}
      </>}>
        <p>{texts.linkText}</p>
        {link && <Qr data={address} label={texts.linkTitle(name)} />}
        <code className="k-mono">{address}</code>
        {link && <p className="k-note">{texts.linkUntil} <Time at={link.until} /></p>}
      </Dialog>
      <Dialog title={texts.cardTitle(name)} isOpen={card !== undefined} onClose={() => setCard(undefined)} actions={<Button look="main" onPress={() => print()}>{texts.print}</Button>}>
        <p>{texts.cardText}</p>
        {card !== undefined && <div className="staff-card"><Qr data={card} label={texts.cardTitle(name)} /><div><strong>{name}</strong>{number}<br />{texts.roles[role]}</div></div>}
      </Dialog>
      <Dialog title={texts.endTitle(name)} isOpen={asksEnd} onClose={() => setAsksEnd(false)} actions={<>
        <Button onPress={() => setAsksEnd(false)}>{texts.cancel}</Button>
        <Button look="danger" isBusy={ending.isBusy} onPress={() => void ending.act({ params }).then(() => setAsksEnd(false))}>{texts.end}</Button>
      </>}>
        <p>{texts.endText}</p>
      </Dialog>
    </Section>
  );
}

import { useState } from 'react';
import type { Bilingual } from '../../../domain/language.ts';
import { useSelect } from '../../customer/kiosk-context.tsx';
import type { PauseNotice } from '../../i18n/areas/staff-manage.ts';
import { noticeOf, pauseNotices, staffManageWords } from '../../i18n/areas/staff-manage.ts';
import { otherLanguage } from '../../i18n/language.ts';
import type { Model } from '../../state/model.ts';
import { ChoiceGroup } from '../../ui/choice-group.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Button } from '../button.tsx';
import { useStaff } from '../staff-context.tsx';
import { StaffPage } from '../staff-page.tsx';
import { StaffSheet } from '../staff-sheet.tsx';
import { TypedNote } from '../typed-note.tsx';
import './manage.css';

function serviceOf({ status }: Model) {
  return status?.service;
}

/** Whether the kiosk sells: paused with a word for customers, going on, and made anew. */
export function KioskArea() {
  const { language, member, call, say } = useStaff();
  const words = staffManageWords[language].kiosk;
  const service = useSelect(serviceOf);
  const [asking, setAsking] = useState<'pause' | 'restart' | undefined>(undefined);
  const [chosen, setChosen] = useState<PauseNotice>('stocktaking');
  const [own, setOwn] = useState<Bilingual>({ zh: '', en: '' });
  const notice = noticeOf(chosen, own);
  const [isBusy, setBusy] = useState(false);
  const kind = service?.kind ?? 'starting';

  async function act(method: 'kiosk.pause' | 'kiosk.resume' | 'kiosk.restart', done: string): Promise<void> {
    setBusy(true);
    const result = await call(method, method === 'kiosk.pause' && notice ? { notice } : {});
    setBusy(false);
    setAsking(undefined);
    if (result.ok) say(done);
    else say(result.error.text, 'bad');
  }

  return (
    <StaffPage title={words.title}>
      <Notice tone={kind === 'in_service' ? 'good' : kind === 'out_of_service' ? 'bad' : 'warn'}>
        {words.states[kind]}
        {service?.kind === 'paused' && service.notice ? `: ${service.notice[language]}` : ''}
      </Notice>
      {service?.kind === 'out_of_service' ? (
        <p>
          {words.reason}: {service.reason.code} {service.reason.detail}
        </p>
      ) : null}
      {member.acts.includes('kiosk.pause') ? (
        kind === 'paused' ? (
          <Button look="main" busy={isBusy} onPress={() => void act('kiosk.resume', words.resumed)}>
            {words.resume}
          </Button>
        ) : (
          <Button className="manage__big" onPress={() => setAsking('pause')}>
            {words.pause}
          </Button>
        )
      ) : null}
      {member.acts.includes('kiosk.restart') ? (
        <Button className="manage__big" onPress={() => setAsking('restart')}>
          {words.restart}
        </Button>
      ) : null}
      {asking === 'pause' ? (
        <StaffSheet
          title={words.pauseTitle}
          onClose={() => setAsking(undefined)}
          isBusy={isBusy}
          actions={
            <Button look="main" busy={isBusy} disabled={chosen === 'own' && notice === undefined} onPress={() => void act('kiosk.pause', words.paused)}>
              {words.pauseYes}
            </Button>
          }
        >
          <p>{words.pauseText}</p>
          <h3>{words.notice}</h3>
          <ChoiceGroup label={words.notice} value={chosen} onChange={setChosen} items={pauseNotices.map((id) => ({ id, content: words.notices[id] }))} />
          {chosen === 'own' ? (
            <>
              {[language, otherLanguage(language)].map((each, place) => (
                <TypedNote key={each} label={words.ownNotice[each]} value={own[each]} maxLength={200} language={each} isQuiet={place > 0} onChange={(text) => setOwn((before) => ({ ...before, [each]: text }))} />
              ))}
              <p>{words.ownHint}</p>
            </>
          ) : notice ? (
            <p className="manage__quote">{notice[language]}</p>
          ) : null}
        </StaffSheet>
      ) : null}
      {asking === 'restart' ? (
        <StaffSheet
          title={words.restartTitle}
          onClose={() => setAsking(undefined)}
          isBusy={isBusy}
          actions={
            <Button look="main" busy={isBusy} onPress={() => void act('kiosk.restart', words.restarting)}>
              {words.restartYes}
            </Button>
          }
        >
          <p>{words.restartText}</p>
        </StaffSheet>
      ) : null}
    </StaffPage>
  );
}

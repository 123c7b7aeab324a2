import { useEffect, useState } from 'react';
import type { DevicesView } from '../../../domain/contract/staff.ts';
import { staffDevicesWords } from '../../i18n/areas/staff-devices.ts';
import { Notice } from '../../ui/notice.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { Button } from '../button.tsx';
import { useAsk, useStaff } from '../staff-context.tsx';
import { Await, StaffPage } from '../staff-page.tsx';
import { DeviceCard } from './device-card.tsx';
import type { DeviceTest } from './devices-area.tsx';

const lookEveryMs = 3_000;
const metres = (mm: number) => (mm / 1000).toFixed(1);

/** The state of each device with what to do, the paper, what can be tried, and the kiosk itself. */
export function DevicesPage({ onTest }: { readonly onTest: (test: DeviceTest) => void }) {
  const { language, member, call, client, say, words } = useStaff();
  const text = staffDevicesWords[language];
  const { asked, again, put } = useAsk('devices.see', {});
  const [doing, setDoing] = useState<string | undefined>(undefined);
  const [isAskingRoll, setAskingRoll] = useState(false);
  const mayTest = member.acts.includes('devices.test');
  const mayPaper = member.acts.includes('devices.paper');

  useEffect(() => {
    let isOver = false;
    // Not by `call`: what the page asks by itself is no sign that anybody is there.
    const timer = setInterval(() => void client.request('devices.see', {}).then((seen) => (seen.ok && !isOver ? put(seen.value) : undefined)), lookEveryMs);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [client, put]);

  async function act(name: string, work: () => Promise<void>): Promise<void> {
    if (doing !== undefined) return;
    setDoing(name);
    await work();
    setDoing(undefined);
    void again();
  }

  const newRoll = () =>
    act('roll', async () => {
      const result = await call('devices.new_roll', {});
      say(result.ok ? text.newRollDone : result.error.text, result.ok ? 'good' : 'bad');
    });
  const recover = () =>
    act('recover', async () => {
      const result = await call('devices.recover_printer', {});
      say(result.ok ? text.recovered(result.value.printer) : result.error.text, result.ok ? 'good' : 'bad');
    });
  const testPrint = () =>
    act('print', async () => {
      const result = await call('devices.test_print', { language });
      const state = result.ok ? result.value.state : undefined;
      say(result.ok ? (text.printStates[result.value.state] ?? result.value.state) : result.error.text, state === 'done' || state === 'queued' || state === 'doing' ? 'good' : 'bad');
    });
  const diagnose = () =>
    act('diagnose', async () => {
      const result = await call('devices.diagnose_terminal', {});
      say(result.ok ? text.diagnosed(result.value.slips, result.value.clock) : result.error.text, result.ok ? 'good' : 'bad');
    });
  const reconnect = (name: string) =>
    act(name, async () => {
      const result = await call('devices.reconnect', { name });
      say(result.ok ? text.reconnected(name) : result.error.text, result.ok ? 'good' : 'bad');
    });

  return (
    <StaffPage title={text.title} actions={<Button onPress={() => void again()}>{text.refresh}</Button>}>
      <Await asked={asked} again={() => void again()}>
        {(view) => (
          <>
            <ul className="devices" aria-label={text.title}>
              {view.devices.map((device) => (
                <DeviceCard key={device.name} device={device} isOneOfMany={view.devices.filter(({ kind }) => kind === device.kind).length > 1} onReconnect={mayTest ? () => void reconnect(device.name) : undefined} isBusy={doing === device.name}>
                  {device.kind === 'receipt_printer' && mayTest ? (
                    <Button onPress={() => void testPrint()} busy={doing === 'print'}>
                      {text.testPrint}
                    </Button>
                  ) : null}
                  {device.kind === 'receipt_printer' && mayPaper && device.severity !== 'ok' ? (
                    <Button onPress={() => void recover()} busy={doing === 'recover'}>
                      {text.recover}
                    </Button>
                  ) : null}
                  {device.kind === 'card_terminal' && mayTest ? (
                    <Button onPress={() => void diagnose()} busy={doing === 'diagnose'}>
                      {text.diagnose}
                    </Button>
                  ) : null}
                </DeviceCard>
              ))}
            </ul>
            <PaperPart view={view} onNewRoll={mayPaper ? () => setAskingRoll(true) : undefined} isBusy={doing === 'roll'} />
            {mayTest ? (
              <section className="device-tests" aria-label={text.tests}>
                <h2>{text.tests}</h2>
                <div className="device-tests__row">
                  {(['scanner', 'touch', 'screen', 'sound'] as const).map((test) => (
                    <Button key={test} onPress={() => onTest(test)} disabled={test === 'scanner' && !view.devices.some(({ kind }) => kind === 'scanner')}>
                      {text[test]}
                    </Button>
                  ))}
                </div>
              </section>
            ) : null}
            <KioskPart view={view} />
          </>
        )}
      </Await>
      {isAskingRoll ? (
        <Sheet label={text.newRoll} size="small" onClose={() => setAskingRoll(false)}>
          <h2 className="device-sheet__title">{text.newRoll}</h2>
          <p>{text.newRollAsk}</p>
          <div className="device-sheet__actions">
            <Button onPress={() => setAskingRoll(false)}>{words.common.cancel}</Button>
            <Button
              look="main"
              onPress={() => {
                setAskingRoll(false);
                void newRoll();
              }}
            >
              {text.newRollYes}
            </Button>
          </div>
        </Sheet>
      ) : null}
    </StaffPage>
  );
}

function PaperPart({ view: { paper, waitingPrints }, onNewRoll, isBusy }: { readonly view: DevicesView; readonly onNewRoll: (() => void) | undefined; readonly isBusy: boolean }) {
  const { language } = useStaff();
  const text = staffDevicesWords[language];
  const { usedMm, leftMm, receiptsLeft } = paper;
  const whole = usedMm + (leftMm ?? 0);
  return (
    <section className="paper" aria-label={text.paper}>
      <h2>{text.paper}</h2>
      {leftMm === undefined ? (
        <p>{text.paperUnknown}</p>
      ) : (
        <>
          <p className="paper__left">
            <strong>{text.paperLeft(metres(leftMm))}</strong>
            {receiptsLeft === undefined ? null : <span>{text.receiptsLeft(receiptsLeft)}</span>}
          </p>
          <div className={leftMm < whole / 10 ? 'paper__bar paper__bar--low' : 'paper__bar'} aria-hidden="true">
            <span style={{ width: `${whole === 0 ? 100 : (leftMm / whole) * 100}%` }} />
          </div>
        </>
      )}
      <p>{text.paperUsed(metres(usedMm))}</p>
      {waitingPrints > 0 ? <Notice tone="warn">{text.waiting(waitingPrints)}</Notice> : null}
      {onNewRoll ? (
        <Button onPress={onNewRoll} busy={isBusy} className="paper__new">
          {text.newRoll}
        </Button>
      ) : null}
    </section>
  );
}

function KioskPart({ view: { kioskId, app, hq, freeBytes, paused } }: { readonly view: DevicesView }) {
  const { language } = useStaff();
  const text = staffDevicesWords[language];
  const facts: readonly (readonly [string, string])[] = [
    [text.facts.state, paused ? text.paused : text.selling],
    [text.facts.id, kioskId],
    [text.facts.app, app],
    ...(hq
      ? [
          [text.facts.hq, hq.online ? text.online : text.offline] as const,
          [text.facts.waiting, text.events(hq.waiting)] as const,
          ...(hq.skewMs === undefined ? [] : [[text.facts.skew, text.seconds((hq.skewMs / 1000).toFixed(1))] as const]),
          ...(hq.fingerprint === undefined ? [] : [[text.facts.fingerprint, hq.fingerprint] as const]),
        ]
      : []),
    ...(freeBytes === undefined ? [] : [[text.facts.free, text.megabytes(Math.floor(freeBytes / 1_048_576).toLocaleString('en'))] as const]),
  ];
  return (
    <section className="kiosk-facts" aria-label={text.kiosk}>
      <h2>{text.kiosk}</h2>
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

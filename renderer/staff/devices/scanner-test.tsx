import { useEffect, useState } from 'react';
import type { EventPayload } from '../../../domain/contract/kiosk.ts';
import { staffDevicesWords } from '../../i18n/areas/staff-devices.ts';
import { useStaff, useStaffEvent } from '../staff-context.tsx';
import { StaffPage } from '../staff-page.tsx';

const mostShown = 12;

/** What the scanner reads, as kind, length and ends. For as long as this is open it means nothing else. */
export function ScannerTest({ onBack }: { readonly onBack: () => void }) {
  const { language, call, client, say } = useStaff();
  const text = staffDevicesWords[language];
  const [read, setRead] = useState<readonly (EventPayload<'staff_scan'> & { readonly nth: number })[]>([]);
  useStaffEvent('staff_scan', (scanned) => setRead((before) => [{ ...scanned, nth: (before[0]?.nth ?? 0) + 1 }, ...before].slice(0, mostShown)));
  useEffect(() => {
    void call('devices.scan_test', { on: true }).then((result) => (result.ok ? undefined : say(result.error.text, 'bad')));
    return () => void client.request('devices.scan_test', { on: false });
  }, [call, client, say]);
  return (
    <StaffPage title={text.scanTitle} back={{ onPress: onBack }} beside={<p className="device-count">{text.scanSum(read[0]?.nth ?? 0)}</p>}>
      <p>{text.scanText}</p>
      <ol className="scans" aria-live="polite" aria-label={text.scanTitle}>
        {read.length === 0 ? <li className="scans__none">{text.scanNone}</li> : null}
        {read.map(({ nth, kind, length, shown }) => (
          <li key={nth}>{text.scanRead(text.scanKinds[kind] ?? kind, length, shown)}</li>
        ))}
      </ol>
    </StaffPage>
  );
}

import { useState } from 'react';
import { DevicesPage } from './devices-page.tsx';
import { ScannerTest } from './scanner-test.tsx';
import { ScreenTest } from './screen-test.tsx';
import { SoundTest } from './sound-test.tsx';
import { TouchTest } from './touch-test.tsx';
import './devices.css';
import './screen-test.css';

export type DeviceTest = 'scanner' | 'touch' | 'screen' | 'sound';

/** What is plugged in, how it is, and what can be tried with it. */
export function DevicesArea() {
  const [test, setTest] = useState<DeviceTest | undefined>(undefined);
  const back = () => setTest(undefined);
  switch (test) {
    case 'scanner':
      return <ScannerTest onBack={back} />;
    case 'touch':
      return <TouchTest onBack={back} />;
    case 'screen':
      return <ScreenTest onBack={back} />;
    case 'sound':
      return <SoundTest onBack={back} />;
    case undefined:
      return <DevicesPage onTest={setTest} />;
  }
}

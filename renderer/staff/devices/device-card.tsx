import type { ReactNode } from 'react';
import type { DeviceState } from '../../../domain/device/state.ts';
import { staffDevicesWords } from '../../i18n/areas/staff-devices.ts';
import { CheckIcon, CrossIcon, NoticeIcon } from '../../ui/icons.tsx';
import { Button } from '../button.tsx';
import { logTime } from '../logs/log-filter.ts';
import { useStaff } from '../staff-context.tsx';

export interface DeviceCardProps {
  readonly device: DeviceState;
  /** Two printers are told apart by their names; the only one of its kind needs none. */
  readonly isOneOfMany: boolean;
  readonly onReconnect: (() => void) | undefined;
  readonly isBusy: boolean;
  /** What else can be done with it. */
  readonly children: ReactNode;
}

const marks = { ok: CheckIcon, attention: NoticeIcon, fault: CrossIcon } as const;

/** One device: how it is, by sign, word and colour, since when, and what to do. */
export function DeviceCard({ device, isOneOfMany, onReconnect, isBusy, children }: DeviceCardProps) {
  const { language, timeZone } = useStaff();
  const text = staffDevicesWords[language];
  const { name, kind, severity, code, since, detail } = device;
  const Mark = marks[severity];
  return (
    <li className={`device device--${severity}`}>
      <div className="device__head">
        <h2 className="device__name">
          {text.kinds[kind] ?? kind} {isOneOfMany ? <small lang="en">{name}</small> : null}
        </h2>
        <span className={`device__state device__state--${severity}`}>
          <Mark />
          {text.states[severity]}
        </span>
      </div>
      <p className="device__text">
        <strong>{device.text[language]}</strong> <span>{text.since(logTime(since, timeZone))}</span>
      </p>
      {severity === 'ok' ? null : <p className="device__advice">{device.advice[language]}</p>}
      <p className="device__code">
        <code>{code}</code>
        {detail === '' ? null : <span lang="en"> {detail}</span>}
      </p>
      <div className="device__actions">
        {children}
        {onReconnect ? (
          <Button onPress={onReconnect} busy={isBusy} label={text.reconnectName(name)}>
            {text.reconnect}
          </Button>
        ) : null}
      </div>
    </li>
  );
}

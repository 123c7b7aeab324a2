import type { ReactNode } from 'react';
import type { StaffMember } from '../../domain/contract/staff.ts';
import type { StaffAct, StaffRole } from '../../domain/staff/role.ts';
import type { StaffAreaId } from '../i18n/areas/staff.ts';
import { ReceiptIcon } from '../ui/icons.tsx';
import { DevicesArea } from './devices/devices-area.tsx';
import { ChainIcon, ListIcon, PlugIcon, PowerIcon, ShelfIcon, SumIcon } from './icons.tsx';
import { LogsArea } from './logs/logs-area.tsx';
import { AuditArea } from './manage/audit-area.tsx';
import { DayArea } from './manage/day-area.tsx';
import { KioskArea } from './manage/kiosk-area.tsx';
import { OrdersArea } from './orders/orders-area.tsx';
import { StockArea } from './stock/stock-area.tsx';

export interface Area {
  readonly id: StaffAreaId;
  /** Whoever may do this sees the tab. Core asks again, at every call. */
  readonly act: StaffAct;
  readonly icon: ReactNode;
  /** `orderId`: the order that is wanted there (`go`). The area is made anew each time that it is gone to. */
  readonly show: (orderId: string | undefined) => ReactNode;
}

/** In the order of the tabs. */
export const areas: readonly Area[] = [
  { id: 'stock', act: 'stock.see', icon: <ShelfIcon />, show: () => <StockArea /> },
  { id: 'orders', act: 'orders.see', icon: <ReceiptIcon />, show: (orderId) => <OrdersArea orderId={orderId} /> },
  { id: 'devices', act: 'devices.see', icon: <PlugIcon />, show: () => <DevicesArea /> },
  { id: 'logs', act: 'logs.see', icon: <ListIcon />, show: (orderId) => <LogsArea orderId={orderId} /> },
  { id: 'kiosk', act: 'kiosk.pause', icon: <PowerIcon />, show: () => <KioskArea /> },
  { id: 'day', act: 'day.close', icon: <SumIcon />, show: () => <DayArea /> },
  { id: 'audit', act: 'audit.see', icon: <ChainIcon />, show: () => <AuditArea /> },
];

/** What each came for. */
const firstOf: Readonly<Record<StaffRole, StaffAreaId>> = { restocker: 'stock', technician: 'devices', manager: 'orders' };

export function areasOf(member: StaffMember): readonly Area[] {
  return areas.filter(({ act }) => member.acts.includes(act));
}

export function firstAreaOf(member: StaffMember): StaffAreaId | undefined {
  const all = areasOf(member);
  return (all.find(({ id }) => id === firstOf[member.role]) ?? all[0])?.id;
}

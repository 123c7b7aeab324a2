import type { ReactNode } from 'react';
import type { StaffMember } from '../../domain/contract/staff.ts';
import type { StaffAct } from '../../domain/staff/role.ts';
import type { StaffAreaId } from '../i18n/areas/staff.ts';
import { BagIcon } from '../ui/icons.tsx';
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
export const areas: readonly Area[] = [{ id: 'stock', act: 'stock.see', icon: <BagIcon />, show: () => <StockArea /> }];

export function areasOf(member: StaffMember): readonly Area[] {
  return areas.filter(({ act }) => member.acts.includes(act));
}

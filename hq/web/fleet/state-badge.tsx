import type { KioskStateName } from '../../contract/api/fleet.ts';
import { fleetTexts } from '../i18n/areas/fleet.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import type { Tone } from '../ui/badge.tsx';
import { Badge } from '../ui/badge.tsx';
import type { IconName } from '../ui/icon.tsx';

export const stateLooks: Readonly<Record<KioskStateName | 'off', readonly [Tone, IconName]>> = {
  selling: ['good', 'check'], limited: ['warn', 'alarm'], paused: ['quiet', 'pause'], out_of_service: ['bad', 'cross'], offline: ['bad', 'dash'], unknown: ['quiet', 'question'], never: ['quiet', 'dash'], off: ['quiet', 'dash'],
};

export function StateBadge({ state }: { readonly state: KioskStateName | 'off' }) {
  const [tone, icon] = stateLooks[state];
  return <Badge tone={tone} icon={icon}>{useAreaTexts(fleetTexts).states[state]}</Badge>;
}

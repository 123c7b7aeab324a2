import type { KioskId } from '../domain/ids.ts';
import type { SimHq } from './hq.ts';
import type { Ledger, Terminals } from './ledger.ts';
import type { Network } from './network.ts';
import type { Random } from './random.ts';
import type { Story } from './story.ts';
import type { World } from './world.ts';

/** What everybody in one simulated run shares. */
export interface Setting {
  readonly world: World;
  readonly random: Random;
  readonly story: Story;
  readonly network: Network;
  readonly hq: SimHq;
  readonly ledger: Ledger;
  readonly terminals: Terminals;
  /** For this run's disks. */
  readonly folder: string;
  readonly epochMs: number;
  readonly hqPublicKey: string;
  readonly codes: Map<KioskId, string>;
  /** HQ's clock is wrong by so much. */
  readonly hqClock: { offsetMs: number };
  /** All is to come to rest: nobody tells more than is asked of them. */
  isCalm: boolean;
}

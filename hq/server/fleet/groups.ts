import { randomUUID } from 'node:crypto';
import type { KioskId } from '../../../domain/ids.ts';
import { ApiRefusal } from '../api/serve.ts';
import type { Queries, Sql, Transaction } from '../database.ts';
import { insertRows } from '../database.ts';
import { ring } from '../down/ring.ts';
import type { Written } from './versions.ts';
import { refuseChanged, wasNothing } from './versions.ts';

export interface KioskGroup {
  readonly groupId: string;
  readonly name: string;
  readonly kiosks: KioskId[];
  readonly version: number;
  readonly changedAt: number | null;
  readonly changedBy: string | null;
}

/** Who changes it, and when (epoch milliseconds). */
export interface Author {
  readonly by: string;
  readonly at: number;
}

interface GroupWords {
  readonly name: string;
  readonly kiosks: readonly KioskId[];
}

export async function listKioskGroups(sql: Queries): Promise<KioskGroup[]> {
  const rows = await sql<(Omit<KioskGroup, 'kiosks'> & { kiosks: KioskId[] | null })[]>`
    select g.group_id as "groupId", g.name, g.version, g.changed_at as "changedAt", g.changed_by as "changedBy",
      (select jsonb_agg(m.kiosk_id order by m.kiosk_id) from kiosk_group_members m where m.group_id = g.group_id) as kiosks from kiosk_groups g order by g.name, g.group_id`;
  return rows.map(({ kiosks, ...row }) => ({ ...row, kiosks: kiosks ?? [] }));
}

import type { KioskId } from '../../../domain/ids.ts';
import type { Transaction } from '../database.ts';
import { insertRows } from '../database.ts';
import { projectStaffActs } from '../fleet/staff-acts.ts';
import { announceFleet } from '../live/announce.ts';
import { raiseWithFacts } from '../alerts/raise.ts';
import type { Effective } from './understand.ts';

/** More pictures than this are of no use to anybody. */
const keptScreenshots = 20;

/** What kiosks tell of themselves for the fleet's pages. An older event that is applied later changes nothing that a newer one has set. */
export async function projectFleet(sql: Transaction, kioskId: KioskId, events: readonly Effective[]): Promise<void> {
  await insertStates(sql, kioskId, events);
  await insertScreenshots(sql, kioskId, events);
  await projectStaffActs(sql, kioskId, events);
  for (const { kind, body, occurredAt } of events) {
    if (kind !== 'staff.locked') continue;
    const minutes = Math.ceil(body.forMs / 60_000);
    await raiseWithFacts(sql, { kioskId, kind: 'staff_locked', subject: body.number, facts: { number: body.number, minutes, times: body.times }, at: occurredAt });
  }
  // Log lines tell nobody: they come too often, and who reads them asks for them.
  if (events.some(({ kind }) => kind === 'kiosk.state' || kind === 'screenshot.taken' || kind === 'command.answered' || kind === 'staff.locked' || kind === 'document.applied')) await announceFleet(sql, kioskId);
}

async function insertStates(sql: Transaction, kioskId: KioskId, events: readonly Effective[]): Promise<void> {
  const states = events.filter((candidate) => candidate.kind === 'kiosk.state');
  const newest = states.at(-1);
  if (!newest) return;
  await insertRows(
    sql,
    'insert into kiosk_state_log (kiosk_id, epoch, sequence, occurred_at, service, reasons)',
    states.map(({ epoch, event, occurredAt, body }) => [kioskId, epoch, event.sequence, occurredAt, body.service, body.reasons]),
    'on conflict (kiosk_id, epoch, sequence) do nothing',
  );
  const { epoch, event, occurredAt, body } = newest;
  await insertRows(
    sql,
    'insert into kiosk_states (kiosk_id, epoch, sequence, service, reasons, devices, paper, free_bytes, app, occurred_at)',
    [[kioskId, epoch, event.sequence, body.service, body.reasons, body.devices, body.paper ?? null, body.freeBytes ?? null, body.app, occurredAt]],
    `on conflict (kiosk_id) do update set epoch = excluded.epoch, sequence = excluded.sequence, service = excluded.service, reasons = excluded.reasons, devices = excluded.devices,
       paper = excluded.paper, free_bytes = excluded.free_bytes, app = excluded.app, occurred_at = excluded.occurred_at
     where (kiosk_states.epoch, kiosk_states.sequence) <= (excluded.epoch, excluded.sequence)`,
  );
}

async function insertScreenshots(sql: Transaction, kioskId: KioskId, events: readonly Effective[]): Promise<void> {
  const pictures = events.flatMap((candidate) => {
    if (candidate.kind !== 'screenshot.taken') return [];
    const picture = Buffer.from(candidate.body.picture, 'base64');
    // A browser of HQ is to show it: nothing but a JPEG is kept.
    return picture.length > 3 && picture[0] === 0xff && picture[1] === 0xd8 ? [[kioskId, candidate.body.commandId, candidate.occurredAt, picture]] : [];
  });
  if (pictures.length === 0) return;
  await insertRows(sql, 'insert into kiosk_screenshots (kiosk_id, command_id, taken_at, picture)', pictures, 'on conflict (kiosk_id, command_id) do nothing');
  await sql`
    delete from kiosk_screenshots where kiosk_id = ${kioskId} and command_id in (
      select command_id from kiosk_screenshots where kiosk_id = ${kioskId} order by taken_at desc, command_id desc offset ${keptScreenshots})`;
}

import { z } from 'zod';

/** Who works at a kiosk. Each role can do what its work needs, and no more; core asks `mayDo` at its border, for every call. */
export const staffRoles = ['restocker', 'technician', 'manager'] as const;
export const staffRoleSchema = z.enum(staffRoles);
export type StaffRole = z.infer<typeof staffRoleSchema>;

/** What can be done by staff, and who may. */
const rolesFor = {
  'stock.see': ['restocker', 'technician', 'manager'],
  'stock.move': ['restocker', 'manager'],
  'logs.see': ['technician', 'manager'],
  'logs.export': ['technician'],
  'devices.see': ['restocker', 'technician', 'manager'],
  /** New paper, and what a printer waits for after its cover was open. */
  'devices.paper': ['restocker', 'technician', 'manager'],
  'devices.test': ['technician'],
  'orders.see': ['technician', 'manager'],
  'orders.reprint': ['manager'],
  'orders.refund': ['manager'],
  /** Decides what the kiosk must not guess (domain/attention). */
  'attention.decide': ['manager'],
  'day.close': ['manager'],
  'kiosk.pause': ['technician', 'manager'],
  'kiosk.restart': ['technician', 'manager'],
  'audit.see': ['manager'],
} as const satisfies Record<string, readonly StaffRole[]>;

export type StaffAct = keyof typeof rolesFor;
export const staffActs = Object.keys(rolesFor) as StaffAct[];
export const staffActSchema = z.enum(staffActs as [StaffAct, ...StaffAct[]]);

export function mayDo(role: StaffRole, act: StaffAct): boolean {
  return (rolesFor[act] as readonly StaffRole[]).includes(role);
}

/** Everything that a role may do. */
export function actsOf(role: StaffRole): readonly StaffAct[] {
  return staffActs.filter((act) => mayDo(role, act));
}

/** As the staff types it, and as a card names it. */
export const staffNumberSchema = z.string().regex(/^\d{3,12}$/);

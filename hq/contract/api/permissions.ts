import { z } from 'zod';

/** What an account at HQ is. One role each; what it may do stands below, and HQ's border asks for every call. */
export const accountRoles = ['viewer', 'operator', 'merchandiser', 'accountant', 'administrator'] as const;
export const accountRoleSchema = z.enum(accountRoles);
export type AccountRole = z.infer<typeof accountRoleSchema>;

const all = accountRoles;
const rolesFor = {
  /** One's own account: sessions, passkeys, password. */
  'self': all,
  'fleet.see': all,
  /** Pause, resume, restart, logs, pictures, test prints, configuration. */
  'fleet.steer': ['operator', 'administrator'],
  /** Codes, approvals, revocations, names and groups. */
  'fleet.enrol': ['administrator'],
  'logs.see': ['operator', 'administrator'],
  /** What staff did at a kiosk: whoever has to do with refunds by their hand, too. */
  'acts.see': ['operator', 'accountant', 'administrator'],
  'orders.see': all,
  'orders.export': ['operator', 'accountant', 'administrator'],
  'orders.refund': ['operator', 'accountant', 'administrator'],
  'catalogue.see': all,
  'catalogue.edit': ['merchandiser', 'administrator'],
  /** Publishes, rolls back, sells out. */
  'catalogue.publish': ['merchandiser', 'administrator'],
  'stock.see': all,
  /** Planograms and routes. */
  'stock.edit': ['merchandiser', 'operator', 'administrator'],
  'reports.see': ['viewer', 'operator', 'merchandiser', 'accountant', 'administrator'],
  /** The books of money against each other, and what waits for a person. */
  'money.see': ['operator', 'accountant', 'administrator'],
  /** Ends differences with what was found. */
  'money.settle': ['accountant', 'administrator'],
  'alerts.see': all,
  /** Acknowledges alerts, answers calls for help. */
  'alerts.answer': ['operator', 'administrator'],
  /** Rules, e-mail, webhooks. */
  'alerts.edit': ['administrator'],
  /** Members of staff at kiosks: numbers, PINs, codes, cards. */
  'staff.edit': ['operator', 'administrator'],
  'people.edit': ['administrator'],
  'audit.see': ['accountant', 'administrator'],
} as const satisfies Record<string, readonly AccountRole[]>;

export type Permission = keyof typeof rolesFor;
export const permissions = Object.keys(rolesFor) as Permission[];
export const permissionSchema = z.enum(permissions as [Permission, ...Permission[]]);

export function isAllowed(role: AccountRole, permission: Permission): boolean {
  return (rolesFor[permission] as readonly AccountRole[]).includes(role);
}

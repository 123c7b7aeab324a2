import type { StaffRole } from '../../../domain/staff/role.ts';
import type { Sql } from '../database.ts';
import type { Signer } from '../down/publish.ts';
import { publishStaff } from './publish.ts';
import { createSeal } from './seal.ts';
import { hashPin, sha256 } from './secrets.ts';

export interface DevStaff { readonly number: string; readonly name: string; readonly role: StaffRole; readonly pin: string; readonly totpSecret: string; readonly recoveryCode: string; readonly card: string }

/** Known to everybody who reads this: for development and tests alone (HQ_DEV_STAFF, on loopback). */
export const devStaff: readonly DevStaff[] = [
  { number: '1000', name: 'Dev manager', role: 'manager', pin: '482915', totpSecret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', recoveryCode: 'DEVM-2345-6789-ABCD', card: 'dev-card-manager' },
  { number: '2000', name: 'Dev technician', role: 'technician', pin: '591847', totpSecret: 'KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU', recoveryCode: 'DEVT-2345-6789-ABCD', card: 'dev-card-technician' },
  { number: '3000', name: 'Dev restocker', role: 'restocker', pin: '613804', totpSecret: 'MFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2LK', recoveryCode: 'DEVR-2345-6789-ABCD', card: 'dev-card-restocker' },
];

/** Makes these members where they are not, and publishes them. Who was changed or ended by a person stays so. */
export async function ensureDevStaff(sql: Sql, signer: Signer, now: number): Promise<void> {
  const seal = createSeal(signer);
  for (const { number, name, role, pin, totpSecret, recoveryCode, card } of devStaff) {
    const [known] = await sql`select 1 from staff_members where number = ${number}`;
    if (known) continue;
    await sql`
      insert into staff_members (number, name, role, places, pin_hash, totp_sealed, recovery_hashes, card_hash, created_at, changed_at, changed_by)
      values (${number}, ${name}, ${role}, ${sql.json(['all'])}, ${await hashPin(pin)}, ${seal.seal(totpSecret, number)}, ${sql.json([sha256(recoveryCode.replaceAll('-', ''))])}, ${sha256(card)}, ${now}, ${now}, 'HQ_DEV_STAFF')
      on conflict (number) do nothing`;
  }
  await publishStaff(sql, seal, signer, now, 'HQ_DEV_STAFF');
}

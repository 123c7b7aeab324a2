import { z } from 'zod';
import { staffNumberSchema, staffRoleSchema } from '../../../domain/staff/role.ts';
import { epochMsSchema } from '../../../domain/time.ts';
import { nothing } from './nothing.ts';
import { apiRoute } from './route.ts';
import { placeSchema, placesSchema, scopeTextSchema } from './scope.ts';

const nameSchema = z.string().trim().min(1).max(60);
const member = z.strictObject({ number: staffNumberSchema });

export const staffMemberSchema = z.strictObject({
  number: staffNumberSchema, name: z.string(), role: staffRoleSchema,
  /** Where they may come in. */
  places: z.array(placeSchema),
  /** PIN and time-based code are set: without both, no kiosk lets them in. */
  isEnrolled: z.boolean(),
  codesLeft: z.int().min(0), hasCard: z.boolean(),
  /** A link by which they set PIN and code is open until then. */
  linkUntil: epochMsSchema.nullable(),
  createdAt: epochMsSchema, changedAt: epochMsSchema, changedBy: z.string(), endedAt: epochMsSchema.nullable(),
});
export type StaffMemberRow = z.infer<typeof staffMemberSchema>;

export const readStaff = apiRoute({
  method: 'GET', path: '/api/staff/members', summary: 'Members of staff', tag: 'staff', permission: 'staff.edit',
  params: nothing, query: nothing, body: nothing, answer: placesSchema.extend({ members: z.array(staffMemberSchema) }),
});

export const addStaff = apiRoute({
  method: 'POST', path: '/api/staff/members', summary: 'Add a member of staff', tag: 'staff', permission: 'staff.edit',
  params: nothing, query: nothing,
  body: z.strictObject({ number: staffNumberSchema, name: nameSchema, role: staffRoleSchema, places: z.array(scopeTextSchema).min(1).max(200) }), answer: nothing,
});

export const changeStaff = apiRoute({
  method: 'PUT', path: '/api/staff/members/:number', summary: 'Change a member of staff', tag: 'staff', permission: 'staff.edit',
  params: member, query: nothing,
  body: z.strictObject({ name: nameSchema, role: staffRoleSchema, places: z.array(scopeTextSchema).min(1).max(200), /** As this person saw it. */ changedAt: epochMsSchema }), answer: nothing,
});

export const endStaff = apiRoute({
  method: 'POST', path: '/api/staff/members/:number/end', summary: 'End a member of staff at once', tag: 'staff', permission: 'staff.edit',
  params: member, query: nothing, body: nothing, answer: nothing,
});

export const linkStaff = apiRoute({
  method: 'POST', path: '/api/staff/members/:number/link', summary: 'Make the link by which a member sets PIN and code', tag: 'staff', permission: 'staff.edit',
  params: member, query: nothing, body: nothing,
  /** Shown once: "/staff-enrol#…" of this HQ. */
  answer: z.strictObject({ path: z.string(), until: epochMsSchema }),
});

export const cardStaff = apiRoute({
  method: 'POST', path: '/api/staff/members/:number/card', summary: 'Make a staff card, in place of any before', tag: 'staff', permission: 'staff.edit',
  params: member, query: nothing, body: nothing,
  /** What the card's QR code says. Shown once. */
  answer: z.strictObject({ text: z.string() }),
});

export const dropCard = apiRoute({
  method: 'POST', path: '/api/staff/members/:number/card/drop', summary: 'End a staff card', tag: 'staff', permission: 'staff.edit',
  params: member, query: nothing, body: nothing, answer: nothing,
});

const token = z.string().regex(/^[A-Za-z0-9_-]{32}$/);

export const openEnrolment = apiRoute({
  method: 'POST', path: '/api/staff/enrolment', summary: 'Open the link of a member of staff', tag: 'staff', permission: 'anyone', unaudited: true,
  params: nothing, query: nothing, body: z.strictObject({ token }),
  answer: z.strictObject({ number: staffNumberSchema, name: z.string(), role: staffRoleSchema, until: epochMsSchema, /** For the app that shows the code: its address, and the secret to type. */ uri: z.string(), secret: z.string() }),
});

export const finishEnrolment = apiRoute({
  method: 'POST', path: '/api/staff/enrolment/finish', summary: 'Set PIN and time-based code of a member of staff', tag: 'staff', permission: 'anyone',
  params: nothing, query: nothing, body: z.strictObject({ token, pin: z.string().max(20), code: z.string().max(12) }),
  /** Recovery codes, shown once. */
  answer: z.strictObject({ codes: z.array(z.string()) }),
});

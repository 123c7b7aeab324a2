import { z } from 'zod';
import { commandParams, documentSchemas } from '../../../domain/contract/hq-down.ts';
import type { CommandKind } from '../../../domain/contract/hq-down.ts';
import { eventPayloads } from '../../../domain/contract/hq.ts';
import { deviceStateSchema } from '../../../domain/device/state.ts';
import { kioskIdSchema } from '../../../domain/ids.ts';
import { auditEntrySchema } from '../../../domain/staff/audit.ts';
import { nothing } from './nothing.ts';
import { apiRoute } from './route.ts';
import { proofResultFactsSchema } from '../proof-words.ts';
import { scopeTextSchema } from './scope.ts';

/** What a kiosk told is not older than this, or it is offline: kiosks ask HQ each minute, whatever else happens. */
export const offlineAfterMs = 5 * 60_000;

/**
 * How a kiosk is, for who looks after it. The four that it tells itself; `offline`: HQ has not heard of it for `offlineAfterMs`; `never`: not once; `unknown`: it is
 * heard of, and has never told how it is (an older Counter24).
 */
export const kioskStates = ['out_of_service', 'offline', 'limited', 'paused', 'unknown', 'never', 'selling'] as const;
export const kioskStateSchema = z.enum(kioskStates);
export type KioskStateName = z.infer<typeof kioskStateSchema>;

const kioskParams = z.strictObject({ kiosk: kioskIdSchema });
export const groupIdSchema = z.string().regex(/^[A-Za-z0-9-]{1,60}$/);
const groupNameSchema = z.string().trim().min(1).max(60);
const groupSchema = z.strictObject({ groupId: groupIdSchema, name: z.string() });
/** Of what people write: counts up. Who did it last, and when; null where that was by no account. */
const versionSchema = z.strictObject({ version: z.number(), changedAt: z.number().nullable(), changedBy: z.string().nullable() });
const groupKiosksSchema = z.array(kioskIdSchema).max(5000);
/** What was read, so that nobody overwrites what another has written meanwhile. */
const overSchema = z.int().min(1);
const paperSchema = eventPayloads['kiosk.state'].shape.paper.unwrap();

export const fleetRowSchema = z.strictObject({
  kioskId: kioskIdSchema,
  name: z.string(),
  place: z.string(),
  groups: z.array(groupSchema),
  state: kioskStateSchema,
  /** Device and error codes: why it is limited or out of service. */
  reasons: z.array(z.string()),
  /** Devices with a fault or something to see to: name, code, in words. */
  troubles: z.array(deviceStateSchema.pick({ name: true, code: true, severity: true, text: true })),
  /** When HQ heard of it last. */
  lastSeenAt: z.number().nullable(),
  /** As of when the state is. */
  toldAt: z.number().nullable(),
  /** The version of Counter24 that it runs. */
  app: z.string().nullable(),
  paper: paperSchema.nullable(),
  freeBytes: z.number().nullable(),
  /** How late its newest event came: a queue that drains. */
  lagMs: z.number().nullable(),
  /** Commands that it has not answered yet. */
  commandsWaiting: z.number(),
  /** HQ's clock less its own. */
  skewMs: z.number().nullable(),
  alarms: z.number(),
  /** Two machines were seen with its identity: nothing is taken from either. */
  isCloned: z.boolean(),
  /** A key waits for a person to compare and approve it. */
  keysWaiting: z.number(),
  /** Counted offers of which nothing is left; null where nothing is counted. */
  soldOut: z.number().nullable(),
});
export type FleetRow = z.infer<typeof fleetRowSchema>;

export const fleetFilters = z.strictObject({
  /** In name, id or place. */
  search: z.string().trim().max(60).optional(),
  state: kioskStateSchema.optional(),
  group: groupIdSchema.optional(),
  app: z.string().max(40).optional(),
  /** Only kiosks with alarms. */
  alarms: z.enum(['yes']).optional(),
});

export const listFleet = apiRoute({
  method: 'GET', path: '/api/fleet', summary: 'List kiosks', tag: 'fleet', permission: 'fleet.see',
  params: nothing,
  query: fleetFilters.extend({ after: z.string().max(80).optional(), limit: z.coerce.number().int().min(1).max(500).default(100) }),
  body: nothing,
  answer: z.strictObject({
    now: z.number(),
    /** What needs somebody comes first, then by id. */
    kiosks: z.array(fleetRowSchema),
    next: z.string().nullable(),
    /** Of all that fit the other filters, by state. */
    counts: z.record(kioskStateSchema, z.number()),
    /** Versions that run somewhere. */
    apps: z.array(z.string()),
  }),
});

export const listPlaces = apiRoute({
  method: 'GET', path: '/api/fleet-places', summary: 'List where kiosks stand', tag: 'fleet', permission: 'fleet.see',
  params: nothing, query: fleetFilters, body: nothing,
  answer: z.strictObject({
    now: z.number(),
    places: z.array(z.strictObject({ kioskId: kioskIdSchema, name: z.string(), place: z.string(), state: kioskStateSchema, latitude: z.number(), longitude: z.number() })),
    /** How many fit the filters and have no place on the map. */
    without: z.number(),
  }),
});

const keySchema = z.strictObject({ fingerprint: z.string(), state: z.enum(['waiting', 'approved', 'revoked']), app: z.string(), enrolledAt: z.number(), approvedAt: z.number().nullable(), revokedAt: z.number().nullable() });

/** `facts`: what `detail` says, for the reader's language (hq/contract/alert-words.ts); null where it is told in English alone. */
const alarmSchema = z.strictObject({ alarmId: z.uuid(), kind: z.string(), detail: z.string(), facts: z.record(z.string(), z.unknown()).nullable(), at: z.number(), lastAt: z.number(), times: z.number() });

export const readKioskRoute = apiRoute({
  method: 'GET', path: '/api/fleet/:kiosk', summary: 'Read a kiosk', tag: 'fleet', permission: 'fleet.see',
  params: kioskParams, query: nothing, body: nothing,
  answer: z.strictObject({
    now: z.number(),
    row: fleetRowSchema,
    latitude: z.number().nullable(),
    longitude: z.number().nullable(),
    timeZone: z.string(),
    /** Of name, place, position, time zone and groups. */
    written: versionSchema,
    createdAt: z.number(),
    devices: z.array(deviceStateSchema),
    keys: z.array(keySchema),
    /** A code that is still good; the code itself was shown once. */
    codeExpiresAt: z.number().nullable(),
    alarms: z.array(alarmSchema),
    documents: z.array(z.strictObject({ document: z.string(), revision: z.number(), outcome: z.string(), detail: z.string().nullable(), occurredAt: z.number() })),
    lanes: z.array(z.strictObject({ lane: z.string(), epoch: z.number(), acknowledged: z.number(), lastReceivedAt: z.number().nullable() })),
    proofs: z.array(z.strictObject({ eventId: z.string(), number: z.number(), day: z.string(), state: z.enum(['green', 'red', 'waiting']), closedAt: z.number(), checkedAt: z.number().nullable(), found: proofResultFactsSchema.nullable() })),
    needsPerson: z.number(),
    setAside: z.number(),
    orders: z.number(),
    screenshots: z.array(z.strictObject({ commandId: z.uuid(), takenAt: z.number() })),
  }),
});

/** What is left out stays as it is. HQ_CHANGED_MEANWHILE where `version` is older than what is written now. */
export const updateKiosk = apiRoute({
  method: 'PATCH', path: '/api/fleet/:kiosk', summary: 'Change what is written of a kiosk', tag: 'fleet', permission: 'fleet.enrol',
  params: kioskParams, query: nothing,
  body: z.strictObject({
    name: z.string().trim().min(1).max(80), place: z.string().trim().max(120), timeZone: z.string().max(60), groups: z.array(groupIdSchema).max(50),
    latitude: z.number().min(-90).max(90).nullable(), longitude: z.number().min(-180).max(180).nullable(),
  }).partial().extend({ version: overSchema }),
  answer: z.strictObject({ version: z.number() }),
});

/** A stretch in which a kiosk was in one state. `off`: it told nothing, though it tells each hour. */
const spanSchema = z.strictObject({ from: z.number(), to: z.number(), state: z.enum(['selling', 'limited', 'paused', 'out_of_service', 'off']), reasons: z.array(z.string()) });
export type StateSpan = z.infer<typeof spanSchema>;

export const readKioskHistory = apiRoute({
  method: 'GET', path: '/api/fleet/:kiosk/history', summary: "Read a kiosk's states", tag: 'fleet', permission: 'fleet.see',
  params: kioskParams, query: z.strictObject({ days: z.coerce.number().int().min(1).max(90).default(7) }), body: nothing,
  answer: z.strictObject({ from: z.number(), to: z.number(), spans: z.array(spanSchema) }),
});

export const logFilters = z.strictObject({ level: z.enum(['info', 'warn', 'error']).optional(), search: z.string().trim().max(100).optional(), code: z.string().max(60).optional() });
const logLineSchema = z.strictObject({
  /** Its place, for `before` and `after`. */
  place: z.string(), at: z.number(), level: z.enum(['info', 'warn', 'error']), message: z.string(), code: z.string().nullable(), fields: z.record(z.string(), z.unknown()).nullable(),
});
export type LogLineRow = z.infer<typeof logLineSchema>;

export const listLogLines = apiRoute({
  method: 'GET', path: '/api/fleet/:kiosk/logs', summary: "Read a kiosk's log", tag: 'fleet', permission: 'logs.see',
  params: kioskParams,
  query: logFilters.extend({ before: z.string().max(80).optional(), limit: z.coerce.number().int().min(1).max(500).default(200) }), body: nothing,
  /** The newest first. */
  answer: z.strictObject({ lines: z.array(logLineSchema), next: z.string().nullable() }),
});

const commandRowSchema = z.strictObject({
  commandId: z.uuid(), kioskId: kioskIdSchema, kind: z.string(), params: z.unknown(), createdAt: z.number(), createdBy: z.string(), expiresAt: z.number(), deliveredAt: z.number().nullable(),
  state: z.enum(['waiting', 'expired', 'cancelled', 'answered']), outcome: z.string().nullable(), detail: z.string().nullable(), answeredAt: z.number().nullable(),
  /** There is a picture that this command brought. */
  hasPicture: z.boolean(),
});
export type CommandRowOut = z.infer<typeof commandRowSchema>;

/** Commands that people give here. The others come of what they do elsewhere: a refund, an answer to a call. */
export const steerKinds = ['pause', 'resume', 'restart', 'send_logs', 'follow_logs', 'screenshot', 'test_print', 'back_up'] as const satisfies readonly CommandKind[];
export type SteerKind = (typeof steerKinds)[number];
const steer = <K extends SteerKind>(kind: K) => z.strictObject({ kind: z.literal(kind), params: commandParams[kind] });
const steerSchema = z.discriminatedUnion('kind', [steer('pause'), steer('resume'), steer('restart'), steer('send_logs'), steer('follow_logs'), steer('screenshot'), steer('test_print'), steer('back_up')]);
const validMinutesSchema = z.int().min(1).max(7 * 24 * 60);

export const listCommandsRoute = apiRoute({
  method: 'GET', path: '/api/fleet/:kiosk/commands', summary: 'List the commands of a kiosk', tag: 'fleet', permission: 'fleet.see',
  params: kioskParams, query: nothing, body: nothing, answer: z.strictObject({ now: z.number(), commands: z.array(commandRowSchema) }),
});

export const giveCommand = apiRoute({
  method: 'POST', path: '/api/fleet/:kiosk/commands', summary: 'Command a kiosk', tag: 'fleet', permission: 'fleet.steer',
  params: kioskParams, query: nothing, body: z.strictObject({ command: steerSchema, validMinutes: validMinutesSchema.default(15) }), answer: z.strictObject({ commandId: z.uuid() }),
});

export const cancelCommand = apiRoute({
  method: 'DELETE', path: '/api/fleet/:kiosk/commands/:command', summary: 'Cancel a command', tag: 'fleet', permission: 'fleet.steer',
  params: z.strictObject({ kiosk: kioskIdSchema, command: z.uuid() }), query: nothing, body: nothing, answer: nothing,
});

export const giveManyCommands = apiRoute({
  method: 'POST', path: '/api/fleet-commands', summary: 'Command a group of kiosks', tag: 'fleet', permission: 'fleet.steer',
  params: nothing, query: nothing,
  body: z.strictObject({
    /** A group, or all. */
    to: z.union([z.literal('all'), z.strictObject({ group: groupIdSchema })]),
    command: steerSchema, validMinutes: validMinutesSchema.default(15),
  }),
  answer: z.strictObject({ batchId: z.uuid(), given: z.number(), refused: z.array(z.strictObject({ kioskId: kioskIdSchema, why: z.string() })) }),
});

export const readBatch = apiRoute({
  method: 'GET', path: '/api/fleet-commands/:batch', summary: 'Read what came of a command to many', tag: 'fleet', permission: 'fleet.see',
  params: z.strictObject({ batch: z.uuid() }), query: nothing, body: nothing,
  answer: z.strictObject({ now: z.number(), commands: z.array(commandRowSchema.extend({ kioskName: z.string() })) }),
});

export const readScreenshot = apiRoute({
  method: 'GET', path: '/api/fleet/:kiosk/screenshots/:command', summary: "See a kiosk's screen", tag: 'fleet', permission: 'fleet.steer',
  params: z.strictObject({ kiosk: kioskIdSchema, command: z.uuid() }), query: nothing, body: nothing, answer: nothing, file: 'image/jpeg',
});

const staffActSchema = z.strictObject({
  place: z.string(), number: z.number(), at: z.number(), staff: z.string().nullable(), act: z.string(), outcome: auditEntrySchema.shape.outcome, subject: z.string(), detail: z.string(),
  hash: z.string(), fault: z.enum(['hash', 'gap', 'fork', 'beginning']).nullable(),
});
export type StaffActRow = z.infer<typeof staffActSchema>;

export const listStaffActs = apiRoute({
  method: 'GET', path: '/api/fleet/:kiosk/staff-acts', summary: 'Read what staff did at a kiosk', tag: 'fleet', permission: 'acts.see',
  params: kioskParams, query: z.strictObject({ before: z.string().max(60).optional(), limit: z.coerce.number().int().min(1).max(200).default(50) }), body: nothing,
  /** `faults`: entries whose place in the chain is wrong. */
  answer: z.strictObject({ acts: z.array(staffActSchema), next: z.string().nullable(), faults: z.number() }),
});

export const addKiosk = apiRoute({
  method: 'POST', path: '/api/fleet', summary: 'Add a kiosk', tag: 'fleet', permission: 'fleet.enrol',
  params: nothing, query: nothing, body: z.strictObject({ kioskId: kioskIdSchema, name: z.string().trim().min(1).max(80), minutes: validMinutesSchema.default(60) }),
  /** The code is told this once. */
  answer: z.strictObject({ code: z.string(), expiresAt: z.number() }),
});

export const makeKioskCode = apiRoute({
  method: 'POST', path: '/api/fleet/:kiosk/code', summary: 'Make an enrolment code', tag: 'fleet', permission: 'fleet.enrol',
  params: kioskParams, query: nothing, body: z.strictObject({ minutes: validMinutesSchema.default(60) }), answer: z.strictObject({ code: z.string(), expiresAt: z.number() }),
});

/** The whole of it, as the person compared it. */
const fingerprintSchema = z.string().regex(/^[0-9a-f]{64}$/);

export const approveKiosk = apiRoute({
  method: 'POST', path: '/api/fleet/:kiosk/approve', summary: "Approve a kiosk's key", tag: 'fleet', permission: 'fleet.enrol',
  params: kioskParams, query: nothing, body: z.strictObject({ fingerprint: fingerprintSchema }), answer: nothing,
});

export const revokeKiosk = apiRoute({
  method: 'POST', path: '/api/fleet/:kiosk/revoke', summary: 'Revoke a kiosk', tag: 'fleet', permission: 'fleet.enrol',
  params: kioskParams, query: nothing, body: nothing, answer: z.strictObject({ revoked: z.number(), isCodeVoid: z.boolean() }),
});

/** Ends the flag as cloned, or approves again the key that was revoked last (or the one that is named). */
export const reinstateKiosk = apiRoute({
  method: 'POST', path: '/api/fleet/:kiosk/reinstate', summary: 'Take a kiosk back', tag: 'fleet', permission: 'fleet.enrol',
  params: kioskParams, query: nothing, body: z.strictObject({ fingerprint: fingerprintSchema.optional() }), answer: z.strictObject({ was: z.enum(['cloned', 'revoked']) }),
});

export const listGroups = apiRoute({
  method: 'GET', path: '/api/fleet-groups', summary: 'List groups of kiosks', tag: 'fleet', permission: 'fleet.see',
  params: nothing, query: nothing, body: nothing, answer: z.strictObject({ groups: z.array(groupSchema.extend({ kiosks: z.array(kioskIdSchema), ...versionSchema.shape })) }),
});

export const addGroup = apiRoute({
  method: 'POST', path: '/api/fleet-groups', summary: 'Add a group of kiosks', tag: 'fleet', permission: 'fleet.enrol',
  params: nothing, query: nothing, body: z.strictObject({ name: groupNameSchema, kiosks: groupKiosksSchema.default([]) }), answer: groupSchema.extend({ version: z.number() }), bodyLimit: 512 * 1024,
});

/** HQ_CHANGED_MEANWHILE where `version` is older: it has another name, or other kiosks are in it. */
export const updateGroup = apiRoute({
  method: 'PUT', path: '/api/fleet-groups/:group', summary: 'Change a group of kiosks', tag: 'fleet', permission: 'fleet.enrol',
  params: z.strictObject({ group: groupIdSchema }), query: nothing, body: z.strictObject({ version: overSchema, name: groupNameSchema, kiosks: groupKiosksSchema }),
  answer: z.strictObject({ version: z.number() }), bodyLimit: 512 * 1024,
});

export const removeGroup = apiRoute({
  method: 'DELETE', path: '/api/fleet-groups/:group', summary: 'Remove a group of kiosks', tag: 'fleet', permission: 'fleet.enrol',
  params: z.strictObject({ group: groupIdSchema }), query: z.strictObject({ version: z.coerce.number().int().min(1) }), body: nothing, answer: nothing,
});

export const readConfig = apiRoute({
  method: 'GET', path: '/api/fleet-config', summary: "Read kiosks' settings", tag: 'fleet', permission: 'fleet.see',
  params: nothing, query: z.strictObject({ scope: scopeTextSchema }), body: nothing,
  /** Null: nothing of its own. What a kiosk has then is what is more general, and what stands on its machine. */
  answer: z.strictObject({ revision: z.number(), config: documentSchemas.config.nullable(), publishedAt: z.number().nullable(), publishedBy: z.string().nullable() }),
});

export const setConfig = apiRoute({
  method: 'PUT', path: '/api/fleet-config', summary: "Set kiosks' settings", tag: 'fleet', permission: 'fleet.steer',
  params: nothing, query: z.strictObject({ scope: scopeTextSchema }),
  /** `revision`: what was read, so that nobody overwrites what another has set meanwhile. */
  body: z.strictObject({ revision: z.number(), config: documentSchemas.config }), answer: z.strictObject({ revision: z.number() }),
});

/** What is more general applies again. `revision`: what was read, so that nobody takes back what another has set meanwhile. */
export const removeConfig = apiRoute({
  method: 'DELETE', path: '/api/fleet-config', summary: "Take back kiosks' settings", tag: 'fleet', permission: 'fleet.steer',
  params: nothing, query: z.strictObject({ scope: scopeTextSchema, revision: z.coerce.number().int().min(1) }), body: nothing, answer: nothing,
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import type { TestHq } from '../testing/hq.ts';
import { startTestHq } from '../testing/hq.ts';

let postgres: TestPostgres;
let hq: TestHq;
let served: { method: string; url: string }[];
let document: Document;
type Operation = { operationId: string; summary: string; tags: string[]; 'x-permission': string; security?: unknown[]; parameters: { name: string; in: string; required: boolean; schema: object }[]; requestBody?: object; responses: Record<string, { description: string; content: Record<string, { schema: object }> }> };
interface Document { openapi: string; paths: Record<string, Record<string, Operation>>; components: { schemas: Record<string, object>; securitySchemes: Record<string, object> }; tags: { name: string }[] }

beforeAll(async () => {
  postgres = await startTestPostgres();
  hq = await startTestHq(await postgres.createDatabase(), { isWithoutKiosk: true });
  // By Fastify's own words, not by the list that the document is made of.
  served = routesOf(hq.app.printRoutes({ commonPrefix: false }));
  document = (await hq.inject({ url: '/api/openapi.json' })).json<Document>();
}, 60_000);
afterAll(async () => {
  await hq?.close();
  await postgres?.stop();
});

/** Not kiosks' own calls, nor the stream. */
const isOfConsole = ({ url }: { url: string }) => url.startsWith('/api/') && !url.startsWith('/api/kiosk/') && url !== '/api/live';

test('holds every route of the console that is served, and no other', () => {
  const wanted = served.filter(isOfConsole).map(({ method, url }) => `${method} ${url.replace(/:(\w+)/g, '{$1}')}`);
  const held = Object.entries(document.paths).flatMap(([path, operations]) => Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`));
  expect(wanted.length).toBeGreaterThan(20);
  expect(held.sort()).toEqual(wanted.sort());
});

/** The parts of OpenAPI 3.1 (4.8) that it uses. */
const schemaObject = z.record(z.string(), z.unknown());
const media = z.record(z.string().regex(/^[a-z]+\/[a-z0-9.+-]+/), z.strictObject({ schema: schemaObject }));
const openApi31 = z.strictObject({
  openapi: z.string().regex(/^3\.1\.\d+$/),
  info: z.strictObject({ title: z.string().min(1), version: z.string().min(1), description: z.string() }),
  jsonSchemaDialect: z.url(),
  tags: z.array(z.strictObject({ name: z.string() })),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  paths: z.record(z.string().startsWith('/'), z.record(z.enum(['get', 'post', 'put', 'patch', 'delete']), z.strictObject({
    operationId: z.string().regex(/^[a-z][A-Za-z0-9_]*$/), summary: z.string().min(1), tags: z.array(z.string()).length(1), 'x-permission': z.string(), 'x-without-factor': z.boolean().optional(),
    security: z.array(z.record(z.string(), z.array(z.string()))).optional(),
    parameters: z.array(z.strictObject({ name: z.string(), in: z.enum(['path', 'query']), required: z.boolean(), schema: schemaObject, style: z.literal('form').optional(), explode: z.boolean().optional() })),
    requestBody: z.strictObject({ required: z.boolean(), content: media }).optional(),
    responses: z.record(z.string().regex(/^[2-5]\d\d$/), z.strictObject({ description: z.string().min(1), content: media })),
  }).optional())),
  components: z.strictObject({ securitySchemes: z.record(z.string(), z.strictObject({ type: z.literal('apiKey'), in: z.literal('cookie'), name: z.string(), description: z.string() })), schemas: z.record(z.string(), schemaObject) }),
});

test('has the shape of OpenAPI 3.1, each parameter of a path once, and no reference that leads nowhere', () => {
  const parsed = openApi31.safeParse(document);
  expect(parsed.error?.issues ?? []).toEqual([]);
  const operations = Object.entries(document.paths).flatMap(([path, of]) => Object.values(of).map((operation) => ({ path, operation })));
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { path, operation } of operations) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
    expect(operation.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name).sort(), path).toEqual(named);
    expect(document.tags.map(({ name }) => name)).toContain(operation.tags[0]);
  }
  for (const [, reference = ''] of JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)) expect(reference).toMatch(/^#\/components\/schemas\/Error$|^#\/\$defs\/|^#$/);
  expect(JSON.stringify(document)).not.toContain('$defs');
});

test('says who may, and what is sent', () => {
  expect(document.paths['/api/people/{account}']?.['patch']).toMatchObject({ 'x-permission': 'people.edit', responses: { 409: { description: expect.stringContaining('HQ_CHANGED_MEANWHILE') } } });
  expect(document.paths['/api/session']?.['post']).toMatchObject({ 'x-permission': 'anyone', security: [], requestBody: { content: { 'application/json': { schema: { required: ['name', 'password'], additionalProperties: false } } } } });
});

test('is for who has an account', async () => {
  expect((await hq.app.inject({ url: '/api/openapi.json' })).statusCode).toBe(401);
});

/** Fastify prints "├── /api/people (GET, HEAD, POST)", a level of the tree four characters in. */
function routesOf(tree: string): { method: string; url: string }[] {
  const parts: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const [, indent = '', part = '', methods] = /^((?:[│ ] {3})*)[├└]── (\S*)(?: \((.+)\))?$/.exec(line) ?? [];
    if (part === '') return [];
    const depth = indent.length / 4;
    parts.splice(depth, parts.length, part);
    if (!methods) return [];
    return methods.split(', ').filter((method) => method !== 'HEAD').map((method) => ({ method, url: parts.join('') }));
  });
}

import { z } from 'zod';
import { appVersion } from '../../../domain/version.ts';
import { errorRegistry } from '../../../domain/contract/errors.ts';
import type { ApiRoute } from '../../contract/api/route.ts';
import { sessionCookieName } from '../api/cookie.ts';
import type { HqErrorCode } from '../errors.ts';
import { statusOf } from '../errors.ts';

type Json = Record<string, unknown>;
export interface OpenApiDocument {
  readonly openapi: string;
  readonly paths: Record<string, Json>;
  readonly [key: string]: unknown;
}

/** OpenAPI 3.1.1 of these routes: their schemas are JSON Schema 2020-12, as that version takes them. */
export function openApiDocument(routes: readonly ApiRoute[]): OpenApiDocument {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return {
    openapi: '3.1.1',
    info: { title: 'Counter 24 HQ', version: appVersion, description: "All that HQ's console can do. Sign in with POST /api/session; what changes something must not come from another site (Origin, Sec-Fetch-Site)." },
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    security: [{ session: [] }, { plainSession: [] }],
    paths,
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: sessionCookieName.secure, description: 'Over TLS.' },
        plainSession: { type: 'apiKey', in: 'cookie', name: sessionCookieName.plain, description: 'Over a plain line, which only this machine itself may use.' },
      },
      schemas: {
        Error: {
          type: 'object', required: ['code', 'detail'], additionalProperties: true,
          properties: { code: { type: 'string', enum: Object.keys(statusOf), description: 'From the registry of errors.' }, detail: { type: 'string', description: 'For engineers.' }, reason: { type: 'string', description: 'Beside HQ_INVALID: which rule it is.' } },
        },
      },
    },
  };
}

function operationOf(route: ApiRoute): Json {
  const [params, query, body] = [schemaOf(route.params, 'input'), schemaOf(route.query, 'input'), schemaOf(route.body, 'input')];
  const hasBody = route.method !== 'GET' && !isEmpty(body);
  const answer = route.file === undefined ? { 'application/json': { schema: schemaOf(route.answer, 'output') } } : { [route.file]: { schema: { type: 'string', format: 'binary' } } };
  const errors = errorsOf(route, hasBody || !isEmpty(params) || !isEmpty(query));
  return {
    operationId: operationIdOf(route), summary: route.summary, tags: [route.tag], 'x-permission': route.permission,
    ...(route.permission === 'anyone' ? { security: [] } : {}),
    ...(route.withoutFactor ? { 'x-without-factor': true } : {}),
    parameters: [...parametersOf('path', params), ...parametersOf('query', query)],
    ...(hasBody ? { requestBody: { required: true, content: { 'application/json': { schema: body } } } } : {}),
    responses: {
      200: { description: 'Done.', content: answer },
      ...Object.fromEntries([...Map.groupBy(errors, (code) => statusOf[code])].map(([status, codes]) => [
        status, { description: codes.map((code) => `${code}: ${errorRegistry[code].text}`).join(' '), content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } },
      ])),
    },
  };
}

/** Those of the border; what else a handler refuses it does by HQ_INVALID, HQ_CHANGED_MEANWHILE and HQ_NOT_FOUND. */
function errorsOf({ method, permission, path }: ApiRoute, hasInput: boolean): readonly HqErrorCode[] {
  const isChanging = method !== 'GET';
  return [
    ...(hasInput ? (['CONTRACT_MALFORMED'] as const) : []),
    ...(permission !== 'anyone' || path.startsWith('/api/session') ? (['HQ_NOT_SIGNED_IN'] as const) : []),
    ...(permission !== 'anyone' || isChanging ? (['HQ_NOT_ALLOWED'] as const) : []),
    ...(path.includes(':') || path.startsWith('/api/invitation') ? (['HQ_NOT_FOUND'] as const) : []),
    ...(isChanging ? (['HQ_CHANGED_MEANWHILE', 'HQ_INVALID'] as const) : []),
    ...(permission === 'anyone' ? (['HQ_TOO_MANY_REQUESTS'] as const) : []),
    'HQ_UNAVAILABLE',
  ];
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  // What JSON Schema has no words for (a transform, a check by code) stands as what it is made from, or as anything.
  const { $schema: _dialect, ...plain } = z.toJSONSchema(schema, { io, unrepresentable: 'any', target: 'draft-2020-12' }) as Json;
  return plain;
}

function isEmpty({ type, properties }: Json): boolean {
  return type === 'object' && Object.keys((properties as Json | undefined) ?? {}).length === 0;
}

function parametersOf(place: 'path' | 'query', { properties = {}, required = [] }: { properties?: Record<string, Json>; required?: readonly string[] }): readonly Json[] {
  return Object.entries(properties).map(([name, schema]) => ({ name, in: place, required: place === 'path' || required.includes(name), schema, ...(place === 'query' && schema['type'] === 'array' ? { style: 'form', explode: true } : {}) }));
}

/** "get_api_fleet_kiosk": the same as long as the address is. */
function operationIdOf({ method, path }: ApiRoute): string {
  return `${method.toLowerCase()}${path.replace(/[^A-Za-z0-9]+/g, '_')}`;
}

import { z } from 'zod';
import { nothing } from './nothing.ts';
import { apiRoute } from './route.ts';

/** OpenAPI 3.1 of all that the console can do, made from the same schemas. For everybody who has an account. */
export const readOpenApi = apiRoute({
  method: 'GET', path: '/api/openapi.json', summary: 'This document', tag: 'session', permission: 'self', params: nothing, query: nothing, body: nothing,
  answer: z.looseObject({ openapi: z.string(), paths: z.record(z.string(), z.unknown()) }),
});

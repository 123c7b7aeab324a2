import { readOpenApi } from '../../contract/api/openapi.ts';
import type { Api } from '../api/serve.ts';
import { openApiDocument } from './document.ts';

/** GET /api/openapi.json. Registered last, but made when it is asked for: then every area has said its routes. */
export function openApiRoute(api: Api): void {
  let document: ReturnType<typeof openApiDocument> | undefined;
  api.serve(readOpenApi, async () => (document ??= openApiDocument(api.routes)));
}

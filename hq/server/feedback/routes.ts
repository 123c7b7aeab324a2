import { listFeedback } from '../../contract/api/feedback.ts';
import type { Api } from '../api/serve.ts';
import type { Sql } from '../database.ts';
import { readFeedback } from './list.ts';

export function feedbackRoutes(api: Api, { sql }: { readonly sql: Sql }): void {
  api.serve(listFeedback, ({ query: { kiosk, stars, with: only, before, limit } }) => readFeedback(sql, { kioskId: kiosk, stars, isWithWords: only === 'words', before, limit }));
}

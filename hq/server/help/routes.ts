import { answerHelpCall, listHelpCalls } from '../../contract/api/help.ts';
import type { Api } from '../api/serve.ts';
import { ApiRefusal } from '../api/serve.ts';
import type { Sql } from '../database.ts';
import { answerHelp, listOpenCalls } from './calls.ts';

/** Customers who ask for a person, and what they are told. */
export function helpRoutes(api: Api, { sql, now }: { readonly sql: Sql; readonly now: () => number }): void {
  api.serve(listHelpCalls, async () => {
    const at = now();
    return { now: at, calls: (await listOpenCalls(sql, at)).map((call) => ({ ...call, kioskId: call.kioskId as never })) };
  });
  api.serve(answerHelpCall, async ({ params: { call }, body: { words }, account }) => {
    const answered = await answerHelp(sql, { callId: call, words, by: account?.name ?? '', now: now() });
    if (!answered.ok) throw new ApiRefusal('HQ_CHANGED_MEANWHILE', answered.error);
    return {};
  });
}

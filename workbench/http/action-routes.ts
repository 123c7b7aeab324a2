import type { FastifyInstance, FastifyReply } from 'fastify';
import type { z } from 'zod';
import { describeIssues } from '../../domain/contract/issues.ts';
import type { Result } from '../../domain/result.ts';
import type { ActionRefusal } from '../actions.ts';
import { printerActionSchema, scannerActionSchema, scriptSchema, terminalActionSchema } from '../actions.ts';
import type { WorkbenchAppDeps } from './app.ts';
import { sendProblem } from './problem.ts';

const statuses: Readonly<Record<ActionRefusal['kind'], number>> = { not_now: 409, line_failed: 503, bad_script: 400 };

/** The buttons. Each answers with the state after it. */
export function actionRoutes(app: FastifyInstance, { state, actOnPrinter, actOnTerminal, actOnScanner, loadScript }: Pick<WorkbenchAppDeps, 'state' | 'actOnPrinter' | 'actOnTerminal' | 'actOnScanner' | 'loadScript'>): void {
  app.post('/api/printer', (request, reply) => answer(reply, printerActionSchema, request.body, ({ action }) => actOnPrinter(action)));
  app.post('/api/terminal', (request, reply) => answer(reply, terminalActionSchema, request.body, ({ action }) => actOnTerminal(action)));
  app.post('/api/scanner', (request, reply) => answer(reply, scannerActionSchema, request.body, actOnScanner));
  for (const device of ['printer', 'terminal', 'scanner'] as const) {
    app.post(`/api/${device}/script`, (request, reply) => answer(reply, scriptSchema, request.body, async ({ script }) => loadScript(device, script)));
  }

  async function answer<S extends z.ZodType>(reply: FastifyReply, schema: S, body: unknown, act: (wanted: z.output<S>) => Promise<Result<void, ActionRefusal>>): Promise<unknown> {
    const wanted = schema.safeParse(body);
    if (!wanted.success) return sendProblem(reply, 400, describeIssues(wanted.error));
    const done = await act(wanted.data);
    return done.ok ? state() : sendProblem(reply, statuses[done.error.kind], done.error.detail);
  }
}

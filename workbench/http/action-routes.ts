import type { FastifyInstance, FastifyReply } from 'fastify';
import type { z } from 'zod';
import { describeIssues } from '../../domain/contract/issues.ts';
import type { Result } from '../../domain/result.ts';
import type { ActionRefusal } from '../actions.ts';
import { printerActionSchema, terminalActionSchema } from '../actions.ts';
import type { WorkbenchAppDeps } from './app.ts';
import { sendProblem } from './problem.ts';

/** The buttons. Each answers with the state after it. */
export function actionRoutes(app: FastifyInstance, { state, actOnPrinter, actOnTerminal }: Pick<WorkbenchAppDeps, 'state' | 'actOnPrinter' | 'actOnTerminal'>): void {
  app.post('/api/printer', (request, reply) => answer(reply, printerActionSchema, request.body, ({ action }) => actOnPrinter(action)));
  app.post('/api/terminal', (request, reply) => answer(reply, terminalActionSchema, request.body, ({ action }) => actOnTerminal(action)));

  async function answer<S extends z.ZodType>(reply: FastifyReply, schema: S, body: unknown, act: (wanted: z.output<S>) => Promise<Result<void, ActionRefusal>>): Promise<unknown> {
    const wanted = schema.safeParse(body);
    if (!wanted.success) return sendProblem(reply, 400, describeIssues(wanted.error));
    const done = await act(wanted.data);
    return done.ok ? state() : sendProblem(reply, done.error.kind === 'not_now' ? 409 : 503, done.error.detail);
  }
}

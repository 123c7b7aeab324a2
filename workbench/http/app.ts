import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import type { Result } from '../../domain/result.ts';
import type { EscPosPrinterSim } from '../../hardware/sim/escpos-printer/printer-sim.ts';
import type { ActionRefusal, PrinterAction, ScannerAction, TerminalAction } from '../actions.ts';
import type { StateFeed } from '../state-feed.ts';
import type { WorkbenchState } from '../state.ts';
import { actionRoutes } from './action-routes.ts';
import { pageRoutes } from './page-routes.ts';
import { sendProblem } from './problem.ts';
import { slipRoutes } from './slip-routes.ts';
import { stateRoutes } from './state-routes.ts';

export interface WorkbenchAppDeps {
  readonly state: () => WorkbenchState;
  readonly feed: StateFeed;
  readonly printer: Pick<EscPosPrinterSim, 'slips' | 'current'>;
  readonly actOnPrinter: (action: PrinterAction) => Promise<Result<void, ActionRefusal>>;
  readonly actOnTerminal: (action: TerminalAction) => Promise<Result<void, ActionRefusal>>;
  readonly actOnScanner: (action: ScannerAction) => Promise<Result<void, ActionRefusal>>;
  readonly loadScript: (device: 'printer' | 'terminal' | 'scanner', script: readonly unknown[]) => Result<void, ActionRefusal>;
  readonly pageFolder: string;
}

const ownNames = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** The workbench's window without its socket. There is no login, so it answers to this machine alone. */
export function createWorkbenchApp(deps: WorkbenchAppDeps): FastifyInstance {
  const app = Fastify({ logger: false, bodyLimit: 64 * 1024, requestTimeout: 10_000, forceCloseConnections: true });
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cache-control': 'no-store',
    });
    // A page from elsewhere whose name was made to point here (DNS rebinding) pushes no buttons.
    if (!ownNames.has(request.hostname)) return sendProblem(reply, 403, 'the workbench answers to this machine alone');
  });
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, 404, 'no such address'));
  app.setErrorHandler((error: { statusCode?: number; message?: string }, _request, reply) =>
    sendProblem(reply, error.statusCode ?? 500, error.message ?? 'unknown error'));

  stateRoutes(app, deps);
  slipRoutes(app, deps);
  actionRoutes(app, deps);
  app.register(async (scope) => pageRoutes(scope, deps));
  return app;
}

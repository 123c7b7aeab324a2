import type { FastifyInstance } from 'fastify';
import { slipText } from '../../hardware/sim/escpos-printer/paper.ts';
import { renderSlipSvg } from '../../hardware/sim/escpos-printer/render-svg.ts';
import type { WorkbenchAppDeps } from './app.ts';
import { sendProblem } from './problem.ts';

/** What came out of the printer, as a picture and as text: `0` is the oldest slip, `current` still hangs in the printer. */
export function slipRoutes(app: FastifyInstance, { printer }: Pick<WorkbenchAppDeps, 'printer'>): void {
  app.get<{ Params: { name: string } }>('/api/slips/:name', (request, reply) => {
    const [, which = '', kind] = /^(current|\d{1,6})\.(svg|txt)$/.exec(request.params.name) ?? [];
    const slip = which === 'current' ? printer.current() : printer.slips()[which === '' ? -1 : Number(which)];
    if (slip === undefined) return sendProblem(reply, 404, 'no such slip');
    if (kind === 'txt') return reply.type('text/plain; charset=utf-8').send(`${slipText(slip)}\n`);
    return reply.type('image/svg+xml').send(renderSlipSvg(slip));
  });
}

import type { FastifyReply } from 'fastify';

/** Every refusal looks like this. The words are for the developer at the other end. */
export function sendProblem(reply: FastifyReply, status: number, error: string): FastifyReply {
  return reply.code(status).send({ error });
}

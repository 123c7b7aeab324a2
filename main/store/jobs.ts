import type { Database } from 'better-sqlite3';
import type { JobKind, JobState } from '../../domain/contract/hq.ts';
import type { EventId, JobId, OrderId } from '../../domain/ids.ts';
import { copyOf } from '../../domain/receipt/copy.ts';
import type { Receipt } from '../../domain/receipt/receipt.ts';
import type { AttentionList } from './attention-list.ts';
import type { Emitter } from './emitter.ts';
import type { PrintKind, StoreReader } from './reader.ts';

/** `print_document` is staff's and waits for paper; `print_terminal_slip` is the customer's, and lapses as a receipt does. */
export type DocumentKind = Extract<PrintKind, 'print_document' | 'print_terminal_slip'>;

/** States in which nothing more will happen to a job by itself. Where no paper came, or nobody knows, the customer has the e-receipt. */
const endedJobStates: readonly JobState[] = ['done', 'failed', 'uncertain', 'lapsed'];

export interface JobsDeps {
  readonly database: Database;
  readonly reader: Pick<StoreReader, 'jobs' | 'printJob'>;
  readonly emitter: Pick<Emitter, 'emit' | 'noteLocal'>;
  readonly now: () => number;
  readonly newId: () => string;
  readonly takeSlipNumber: () => number;
  readonly raise: AttentionList['raise'];
  /** Nothing more is to be done for this order. */
  readonly onAllEnded: (orderId: OrderId) => void;
}

/** What is owed to a customer or to staff: slips to print, with the paper that they take, and services to ask for. */
export interface Jobs {
  /** `request`: tells HQ of it, where it is a service. */
  add(orderId: OrderId, kind: JobKind, request?: (jobId: JobId) => EventId): void;
  /** Throws where there is no such job, or it has ended. A print that begins takes the next slip number. `paperMm`: what it took of the roll. */
  change(jobId: JobId, state: JobState, paperMm?: number): void;
  isQueued(jobId: JobId): boolean;
  /** `kept`: written down, and not printed. */
  queueDocument(document: Receipt, kind: DocumentKind, orderId: OrderId | undefined, kept?: 'kept'): JobId;
  /** What is staff's goes to their printer again, a document as it was, a receipt as a copy of what the order is now. */
  printAgain(orderId: OrderId, jobId: JobId | undefined): void;
  /** Ends the jobs whose request HQ has by now. Answers how many there were. */
  finishRequested(): number;
  startPaperRoll(): void;
}

/** Only within a transaction. */
export function createJobs({ database, reader, emitter: { emit, noteLocal }, now, newId, takeSlipNumber, raise, onAllEnded }: JobsDeps): Jobs {
  const insert = database.prepare("INSERT INTO jobs (id, order_id, kind, state, created_at, event_id) VALUES (?, ?, ?, 'queued', ?, ?)");
  const insertDocument = database.prepare('INSERT INTO jobs (id, order_id, kind, state, created_at, document) VALUES (?, ?, ?, ?, ?, ?)');
  const stateOf = database.prepare<[string], JobState>('SELECT state FROM jobs WHERE id = ?').pluck();
  const update = database.prepare<[string, string], { order_id: OrderId | null; kind: JobKind | DocumentKind }>('UPDATE jobs SET state = ? WHERE id = ? RETURNING order_id, kind');
  const requested = database.prepare<[], JobId>(`
    SELECT jobs.id FROM jobs INDEXED BY jobs_requested LEFT JOIN outbox ON outbox.id = jobs.event_id LEFT JOIN lanes ON lanes.lane = outbox.lane
    WHERE jobs.kind = 'request_service' AND jobs.state = 'queued' AND (outbox.id IS NULL OR (outbox.epoch, outbox.sequence) <= (lanes.epoch, lanes.acknowledged))
    ORDER BY outbox.position`).pluck();
  const number = database.prepare('UPDATE jobs SET slip = ? WHERE id = ? AND slip IS NULL');
  const measure = database.prepare('UPDATE jobs SET paper_mm = coalesce(paper_mm, 0) + ? WHERE id = ?');
  const insertRoll = database.prepare('INSERT INTO paper_rolls (started_at) VALUES (?)');
  const usePaper = database.prepare('UPDATE paper_rolls SET used_mm = used_mm + ? WHERE id = (SELECT max(id) FROM paper_rolls)');

  function add(orderId: OrderId, kind: JobKind, request?: (jobId: JobId) => EventId): void {
    const jobId = newId() as JobId;
    insert.run(jobId, orderId, kind, now(), request?.(jobId) ?? null);
    emit('job.state', { jobId, orderId, kind, state: 'queued' });
  }

  function change(jobId: JobId, state: JobState, paperMm = 0): void {
    const before = stateOf.get(jobId);
    if (!before) throw new Error(`job ${jobId} does not exist`);
    if (endedJobStates.includes(before)) throw new Error(`job ${jobId} is ${before}: it has ended`);
    const { order_id: orderId, kind } = update.get(state, jobId)!;
    if (state === 'doing' && kind !== 'request_service' && reader.printJob(jobId)?.slip === undefined) {
      const slip = takeSlipNumber();
      number.run(slip, jobId);
      noteLocal('slip', { job_id: jobId, slip }, 'soon');
    }
    if (paperMm > 0) {
      const used = Math.ceil(paperMm);
      measure.run(used, jobId);
      usePaper.run(used);
    }
    if (orderId === null) return;
    if (kind !== 'print_document' && kind !== 'print_terminal_slip') emit('job.state', { jobId, orderId, kind, state });
    if (state === 'uncertain' && kind !== 'request_service') raise({ kind: 'print_uncertain', orderId, jobId, detail: `${kind}, slip ${reader.printJob(jobId)?.slip ?? 'without a number'}` });
    if (reader.jobs(orderId).every((job) => endedJobStates.includes(job.state))) onAllEnded(orderId);
  }

  return {
    add,
    change,
    isQueued: (jobId) => stateOf.get(jobId) === 'queued',
    queueDocument(document, kind, orderId, kept) {
      const jobId = newId() as JobId;
      insertDocument.run(jobId, orderId ?? null, kind, kept ? 'lapsed' : 'queued', now(), JSON.stringify(document));
      return jobId;
    },
    printAgain(orderId, jobId) {
      const job = jobId && reader.printJob(jobId);
      if (job?.document) insertDocument.run(newId(), orderId, job.kind, 'queued', now(), JSON.stringify(copyOf(job.document)));
      else add(orderId, job?.kind === 'print_kitchen' || job?.kind === 'print_staff_slip' ? job.kind : 'print_copy');
    },
    finishRequested() {
      const jobs = requested.all();
      for (const jobId of jobs) change(jobId, 'done');
      return jobs.length;
    },
    startPaperRoll: () => void insertRoll.run(now()),
  };
}

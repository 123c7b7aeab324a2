import { first } from './0001-first.ts';
import { reversalsAttentionPaper } from './0002-reversals-attention-paper.ts';
import { chainsIdentityDown } from './0003-chains-identity-down.ts';
import { servicesHelpFeedback } from './0004-services-help-feedback.ts';
import { stockLedger } from './0005-stock-ledger.ts';
import { staff } from './0006-staff.ts';
import { movesByEvent } from './0007-moves-by-event.ts';
import { wallets } from './0008-wallets.ts';
import type { Migration } from './migration.ts';

export const migrations: readonly Migration[] = [first, reversalsAttentionPaper, chainsIdentityDown, servicesHelpFeedback, stockLedger, staff, movesByEvent, wallets];

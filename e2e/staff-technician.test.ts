import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { slipText } from '../hardware/sim/escpos-printer/paper.ts';
import { createCustomer } from './stage/customer.ts';
import { openStage, expect, test as base } from './stage/stage.ts';
import { createStaff, look, staffKnown } from './stage/staff.ts';

const phone = '13912345678';

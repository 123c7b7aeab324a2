import fs from 'node:fs';
import path from 'node:path';
import type { z } from 'zod';
import type { Catalogue } from '../../domain/catalogue/catalogue.ts';
import { catalogueSchema } from '../../domain/catalogue/catalogue.ts';
import type { KioskConfig } from '../../domain/contract/config.ts';
import { kioskConfigSchema } from '../../domain/contract/config.ts';
import type { CodedError, ErrorCode } from '../../domain/contract/errors.ts';
import { codedError, messageOf } from '../../domain/contract/errors.ts';
import { describeIssues } from '../../domain/contract/issues.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import { faintPair } from './brand.ts';

export function readConfig(file: string): Result<KioskConfig, CodedError> {
  const read = readChecked(file, kioskConfigSchema, 'CONFIG_UNREADABLE', 'CONFIG_INVALID');
  const faint = read.ok ? faintPair(read.value.brand) : undefined;
  return faint ? err(codedError('CONFIG_INVALID', `${file}: brand.colours: ${faint}`)) : read;
}

export function readCatalogue(file: string): Result<Catalogue, CodedError> {
  return readChecked(file, catalogueSchema, 'CATALOGUE_UNREADABLE', 'CATALOGUE_INVALID');
}

/** Paths inside the configuration are relative to its file. */
export function besideConfig(configFile: string, relative: string): string {
  return path.resolve(path.dirname(configFile), relative);
}

function readChecked<S extends z.ZodType>(file: string, schema: S, unreadable: ErrorCode, invalid: ErrorCode): Result<z.output<S>, CodedError> {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (cause) {
    return err(codedError(unreadable, messageOf(cause)));
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    return err(codedError(invalid, `${file}: ${messageOf(cause)}`));
  }
  const checked = schema.safeParse(value);
  return checked.success ? ok(checked.data) : err(codedError(invalid, `${file}: ${describeIssues(checked.error)}`));
}

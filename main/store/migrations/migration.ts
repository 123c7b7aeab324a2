/** One step of the schema. Each runs once, in a transaction of its own, in the order of `version`; it is never edited after release. */
export interface Migration {
  readonly version: number;
  readonly sql: string;
}

import { z } from 'zod';

/**
 * What the loopback carrier's gateway does wrong. `deaf` and `closed` happen before it has heard anything, all others after.
 * - `slow`: waits `ms`; `silent`: takes it and never answers; `deaf`: neither; `closed`: cuts the line before; `lost`: takes it and cuts the line.
 * - `status`: answers `status` instead, signed; `unsigned`: without a signature; `tampered`: another body than was signed; `wrong_key`: signed by a key of nobody.
 * - `stale`: signed an hour ago; `replayed`: an answer to another request; `garbage`: signed, and no JSON; `huge`: more than anybody reads; `twice`: works on it twice.
 */
export const carrierFaults = ['slow', 'silent', 'deaf', 'closed', 'lost', 'status', 'unsigned', 'tampered', 'wrong_key', 'stale', 'replayed', 'garbage', 'huge', 'twice'] as const;
export type CarrierFault = (typeof carrierFaults)[number];

const ruleSchema = z.strictObject({
  /** At which question; any where it is missing. */
  on: z.enum(['submit', 'query', 'reverse', 'numbers']).optional(),
  /** Of one order alone. */
  key: z.string().max(60).optional(),
  /** All at once: several make a pair. */
  faults: z.array(z.enum(carrierFaults)).min(1).max(4),
  /** For so many calls. */
  times: z.int().min(1).max(1000).default(1),
  ms: z.int().min(0).max(120_000).default(1000),
  status: z.int().min(400).max(599).default(500),
  /** With 429 and 503. */
  retryAfterSeconds: z.int().min(0).max(3600).optional(),
});
export const scriptSchema = z.array(ruleSchema).max(200);
export type CarrierRule = z.input<typeof ruleSchema>;
export type Rule = z.output<typeof ruleSchema>;

export interface CarrierScript {
  /** Behind what is there already. Throws where it is no script. */
  readonly add: (rules: readonly CarrierRule[]) => void;
  readonly clear: () => void;
  /** What is left of it. */
  readonly left: () => readonly Rule[];
  /** The first rule that is for this call, which counts it. */
  readonly take: (call: { readonly on: NonNullable<Rule['on']>; readonly key: string }) => Rule | undefined;
}

export function createCarrierScript(): CarrierScript {
  let rules: Rule[] = [];
  return {
    add: (more) => { rules = [...rules, ...scriptSchema.parse(more)]; },
    clear: () => { rules = []; },
    left: () => rules,
    take: ({ on, key }) => {
      const index = rules.findIndex((rule) => (rule.on === undefined || rule.on === on) && (rule.key === undefined || rule.key === key));
      const rule = rules[index];
      if (!rule) return undefined;
      rules = rule.times > 1 ? rules.with(index, { ...rule, times: rule.times - 1 }) : rules.toSpliced(index, 1);
      return rule;
    },
  };
}

import type { z } from 'zod';

/** What zod found, as one line for a log: 'printer.baudRate: expected number; unknown key "prnter"'. At most five findings. */
export function describeIssues(error: z.ZodError): string {
  const lines = error.issues.slice(0, 5).map((issue) => `${issue.path.join('.') || '(top)'}: ${issue.message}`);
  return lines.join('; ') + (error.issues.length > 5 ? `; and ${error.issues.length - 5} more` : '');
}

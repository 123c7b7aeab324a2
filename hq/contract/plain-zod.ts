import { config } from 'zod';

/**
 * zod would try `new Function` once to see whether it may compile its schemas. The console's Content-Security-Policy forbids it and reports the try as a violation.
 * Has to stand before every import that makes a schema.
 */
config({ jitless: true });

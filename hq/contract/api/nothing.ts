import { z } from 'zod';

/** No parameters, no body, or an answer that says nothing but that it was done. */
export const nothing = z.strictObject({});

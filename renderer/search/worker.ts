import type { ToSearch } from './protocol.ts';
import { createSearchService } from './search-service.ts';

/** The thread in which the offers are indexed and searched: neither ever takes a frame from the page. */
const scope = globalThis as unknown as { onmessage: (event: MessageEvent<ToSearch>) => void; postMessage: (message: unknown) => void };
const take = createSearchService((message) => scope.postMessage(message));
scope.onmessage = ({ data }) => take(data);

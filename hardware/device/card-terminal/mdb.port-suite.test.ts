import { createMdbReaderSim } from '../../sim/mdb-reader/sim.ts';
import { createMemoryLine } from '../../transport/memory.ts';
import { documented } from './mdb-profiles.ts';
import { createMdbReader } from './mdb-reader.ts';
import { counted, letRun, portSuite } from './port-suite.fixture.ts';

for (const unended of ['kept', 'refunded'] as const) {
  portSuite({
    name: `MDB (unended vends are ${unended})`,
    remembers: false,
    settledAfterMs: 70_000,
    messages: ['received D,REQ', 'sending d,STATUS,VEND', 'received D,STATUS', 'sending d,STATUS,#', 'sending d,STATUS,RESULT', 'received D,END', 'received D,END,-1', 'sending d,STATUS,IDLE'],
    async open({ cardAfterMs, split } = {}) {
      const line = createMemoryLine(split ? { split } : {});
      const [kioskEnd, readerEnd] = line.ends;
      await readerEnd.open();
      const mend = () => {
        line.mend();
        void readerEnd.open();
      };
      const sim = createMdbReaderSim({ unended, ...(cardAfterMs === undefined ? {} : { autoApproveAfterMs: cardAfterMs }), onCable: (plugged) => (plugged ? mend() : line.cut()) });
      sim.connect(readerEnd);
      const { transport, listeners } = counted(kioskEnd);
      const terminal = createMdbReader({ transport, profile: { ...documented, unendedAreRefunded: unended === 'refunded' } });
      return {
        terminal,
        listeners,
        cut: () => line.cut(),
        mend,
        script(steps) {
          const loaded = sim.script(steps);
          if (!loaded.ok) throw new Error(loaded.error);
        },
        tapCard: () => void sim.tapCard(),
        declineCard: () => sim.decline(),
        speak: () => sim.setSilent(false),
        book() {
          const entries = sim.book();
          return {
            paid: entries.filter((entry) => entry.state === 'paid').map((entry) => entry.amount),
            open: entries.filter((entry) => entry.state === 'held').length,
            givenBack: entries.filter((entry) => entry.state === 'given_back').length,
          };
        },
        async close() {
          sim.close();
          await letRun(terminal.close());
        },
      };
    },
  });
}

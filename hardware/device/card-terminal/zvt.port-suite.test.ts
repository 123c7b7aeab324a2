import { createZvtTerminalSim } from '../../sim/zvt-terminal/sim.ts';
import { createMemoryLine } from '../../transport/memory.ts';
import { counted, letRun, portSuite } from './port-suite.fixture.ts';
import { specification } from './profiles.ts';
import { createZvtTerminal } from './zvt-terminal.ts';

portSuite({
  name: 'ZVT',
  remembers: true,
  settledAfterMs: 30_000,
  messages: ['received 06 01', 'sending 04 ff', 'sending 04 0f', 'received 80 00', 'sending 06 0f', 'sending 06 1e', 'received 84 66'],
  async open({ cardAfterMs, split } = {}) {
    const line = createMemoryLine(split ? { split } : {});
    const [kioskEnd, terminalEnd] = line.ends;
    await terminalEnd.open();
    const mend = () => {
      line.mend();
      void terminalEnd.open();
    };
    const sim = createZvtTerminalSim({ ...(cardAfterMs === undefined ? {} : { autoApproveAfterMs: cardAfterMs }), onCable: (plugged) => (plugged ? mend() : line.cut()) });
    sim.connect(terminalEnd);
    const { transport, listeners } = counted(kioskEnd);
    const terminal = createZvtTerminal({ transport, profile: specification });
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
          paid: entries.filter((entry) => entry.state === 'approved').map((entry) => entry.amount),
          open: entries.filter((entry) => entry.state === 'authorised').length,
          givenBack: entries.filter((entry) => entry.state === 'reversed').length,
        };
      },
      async close() {
        sim.close();
        await letRun(terminal.close());
      },
    };
  },
});

import { useState } from 'react';
import { createRoot } from 'react-dom/client';

/** The least that React can do after a tap: one button, one number. What `bench/ui.ts` holds the kiosk's page against. */
function EmptyPage() {
  const [taps, setTaps] = useState(0);
  return (
    <button type="button" style={{ fontSize: 40, padding: 40 }} onClick={() => setTaps(taps + 1)}>
      {taps}
    </button>
  );
}

createRoot(document.querySelector('#page')!).render(<EmptyPage />);

import { useState } from 'react';
import { createRoot } from 'react-dom/client';

/** The least that React can do after a tap: one button, one number; and a list to scroll through that costs nothing. What `bench/ui.ts` holds the kiosk's page against. */
function EmptyPage() {
  const [taps, setTaps] = useState(0);
  return (
    <>
      <button type="button" style={{ fontSize: 40, padding: 40 }} onClick={() => setTaps(taps + 1)}>
        {taps}
      </button>
      <ul style={{ height: 1400, overflow: 'auto' }}>
        {Array.from({ length: 2000 }, (_, at) => (
          <li key={at} style={{ height: 150 }}>{`row ${at}`}</li>
        ))}
      </ul>
    </>
  );
}

createRoot(document.querySelector('#page')!).render(<EmptyPage />);

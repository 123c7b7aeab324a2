import { useEffect, useState } from 'react';

const eventName = 'counter24-toast';
const shownMs = 6000;

/** One line that something was done; it goes by itself, and is read aloud. What went wrong stays where it went wrong (`Trouble`). */
export function toast(text: string): void {
  dispatchEvent(new CustomEvent(eventName, { detail: text }));
}

export function Toaster() {
  const [toasts, setToasts] = useState<readonly { readonly id: string; readonly text: string }[]>([]);
  useEffect(() => {
    const timers = new Set<ReturnType<typeof setTimeout>>();
    const show = (event: Event) => {
      const id = crypto.randomUUID?.() ?? String(Math.random());
      setToasts((before) => [...before.slice(-2), { id, text: String((event as CustomEvent).detail) }]);
      const timer = setTimeout(() => {
        timers.delete(timer);
        setToasts((before) => before.filter((one) => one.id !== id));
      }, shownMs);
      timers.add(timer);
    };
    addEventListener(eventName, show);
    return () => {
      removeEventListener(eventName, show);
      timers.forEach(clearTimeout);
    };
  }, []);
  return (
    <div className="k-toaster" role="status" aria-live="polite">
      {toasts.map(({ id, text }) => <p key={id} className="k-toast">{text}</p>)}
    </div>
  );
}

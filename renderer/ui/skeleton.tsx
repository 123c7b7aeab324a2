import { useEffect, useState } from 'react';
import { classNames } from './class-names.ts';
import './skeleton.css';

/** What takes less time than this is not announced by anything: a flash of grey would only make it look slow. */
export const skeletonAfterMs = 200;

/** Holds the place of what is on its way; seen after 200 ms, of the same size before and after, so that nothing jumps. `label` is what is being waited for. */
export function Skeleton({ label, className }: { readonly label: string; readonly className?: string }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), skeletonAfterMs);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className={classNames('skeleton', shown && 'skeleton--shown', className)} role="status">
      {shown ? <span className="unseen">{label}</span> : null}
    </div>
  );
}

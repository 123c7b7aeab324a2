import type { Tender } from '../../domain/payment/tender.ts';
import { CardIcon } from '../ui/icons.tsx';

/** Drawn in one colour, the name always beside it: nobody has to know the sign. */
export function WayIcon({ tender }: { readonly tender: Tender }) {
  if (tender === 'card') return <CardIcon />;
  return (
    <svg className={`icon way-icon way-icon--${tender}`} viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      {tender === 'wechat' ? (
        <path d="M9.5 4C5.4 4 2 6.700 2 10.100c0 1.900 1.100 3.600 2.800 4.700L4.200 17l2.600-1.300c.9.200 1.800.300 2.700.300M22 14.700c0-2.700-2.700-4.800-6-4.800s-6 2.100-6 4.800 2.700 4.800 6 4.800c.700 0 1.400-.1 2-.3l2.100 1-.5-1.800c1.500-.9 2.400-2.200 2.400-3.700ZM7 9v.1m5-.1v.1m2 4.900v.1m4-.1v.1" />
      ) : (
        <path d="M4.500 7.500h15M12 3.500v8.200M6.500 11.700h10.200c-1.300 4.100-5 7.200-10.700 8.300M8.300 14.300c2.300 2.900 5.600 4.900 9.900 5.700" />
      )}
    </svg>
  );
}

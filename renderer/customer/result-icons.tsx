/** Brought to the customer's door. */
export function TruckIcon() {
  return (
    <svg className="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="2.2" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      <path d="M3 6h11v10H3zM14 9.500h4l3 3.500v3h-7zM7 18.500a1.800 1.800 0 1 0 0-3.600 1.800 1.800 0 0 0 0 3.600Zm10 0a1.800 1.800 0 1 0 0-3.600 1.800 1.800 0 0 0 0 3.600Z" />
    </svg>
  );
}

/** One of five; filled where it is given. */
export function StarIcon({ filled }: { readonly filled: boolean }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" fill={filled ? 'currentColor' : 'none'} stroke="currentColor" strokeWidth="1.8" strokeLinejoin="round" aria-hidden="true">
      <path d="m12 3.500 2.700 5.500 6 .9-4.350 4.250 1 6L12 17.300l-5.350 2.850 1-6L3.300 9.900l6-.9L12 3.500Z" />
    </svg>
  );
}

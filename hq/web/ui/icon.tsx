const paths = {
  orders: 'M4 5h12M4 10h12M4 15h7',
  kiosk: 'M6 2.5h8v11H6zM10 13.5v4M6.5 17.5h7',
  check: 'M4.5 10.5l3.5 3.5 7.5-8',
  clock: 'M10 5.5V10l3 2M10 2.5a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15z',
  cross: 'M5.5 5.5l9 9M14.5 5.5l-9 9',
  question: 'M7.5 7.5a2.5 2.5 0 1 1 3.6 2.3c-.8.4-1.1.9-1.1 1.7v.3M10 14.6v.1',
  alarm: 'M10 4v7.5M10 15.4v.2',
  back: 'M8 5L4 9l4 4M4 9h8a4 4 0 0 1 0 8h-2',
  search: 'M9 3.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zM13 13l4 4',
  up: 'M10 16V4.5M5 9.5l5-5 5 5',
  open: 'M11 4h5v5M16 4l-8 8M8 5H4.5v10.5H15V12',
  dash: 'M5 10h10',
  star: 'M10 3l2.1 4.4 4.9.6-3.6 3.3 1 4.8L10 13.7l-4.4 2.4 1-4.8L3 8l4.9-.6z',
  person: 'M10 3.5a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM4 16.5c.5-3 2.8-4.5 6-4.5s5.5 1.5 6 4.5',
} as const;

export type IconName = keyof typeof paths;

/** A drawing beside a word, never instead of one. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 20 20" width="18" height="18" fill="none" stroke="currentColor" strokeWidth="1.9" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}

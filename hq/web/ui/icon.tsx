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
  menu: 'M3.5 5.5h13M3.5 10h13M3.5 14.5h13',
  home: 'M3.5 9.5L10 4l6.5 5.5M5.5 8.5V16h9V8.5',
  catalogue: 'M4 4.5h5v5H4zM11 4.5h5v5h-5zM4 11h5v5H4zM11 11h5v5h-5z',
  stock: 'M3.5 7L10 3.5 16.5 7v6.5L10 17l-6.5-3.5zM3.5 7L10 10.5 16.5 7M10 10.5V17',
  chart: 'M4 16V9M8 16V5M12 16v-5M16 16V7M3 16.5h14',
  bell: 'M5.5 14V9a4.5 4.5 0 0 1 9 0v5l1.5 1H4zM8.5 17h3',
  sun: 'M10 6.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7zM10 2.5v1.5M10 16v1.5M2.5 10H4M16 10h1.5M4.7 4.7l1 1M14.3 14.3l1 1M4.7 15.3l1-1M14.3 5.7l1-1',
  moon: 'M15.5 12.5A6.5 6.5 0 0 1 7.5 4.5a6.5 6.5 0 1 0 8 8z',
  lock: 'M5.5 9h9v7.5h-9zM7.5 9V6.5a2.5 2.5 0 0 1 5 0V9',
  people: 'M7.5 4a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5zM2.5 15.5c.3-2.7 2.2-4 5-4s4.700 1.300 5 4M13 4.500a2.300 2.300 0 0 1 0 4.400M14.500 11.700c1.800.500 2.800 1.800 3 3.800',
  list: 'M7 5.5h9.500M7 10h9.500M7 14.500h9.500M3.500 5.500h.1M3.500 10h.1M3.500 14.500h.1',
  map: 'M3 5.500l4.500-2 5 2 4.500-2v11l-4.500 2-5-2-4.500 2zM7.500 3.500v11M12.500 5.500v11',
  pause: 'M7 4.500v11M13 4.500v11',
  play: 'M6.500 4.500l8.500 5.500-8.500 5.500z',
  paper: 'M5.500 3h9v14l-1.500-1-1.500 1-1.500-1-1.500 1-1.500-1-1.500 1zM8 7h4M8 10h4',
  download: 'M10 3.500v9M6 9l4 4 4-4M4 16.500h12',
  plus: 'M10 4.500v11M4.500 10h11',
  sound: 'M4 8v4h2.500L10 15V5L6.500 8zM12.500 7.500a3.500 3.500 0 0 1 0 5M14.500 5.500a6.500 6.500 0 0 1 0 9',
  mute: 'M4 8v4h2.500L10 15V5L6.500 8zM13 8l4 4M17 8l-4 4',
  leave: 'M8.500 3.500h-4v13h4M12 6.500l3.500 3.500-3.500 3.500M15.500 10H8',
  coins: 'M8 3.5c3 0 5 .9 5 2s-2 2-5 2-5-.9-5-2 2-2 5-2zM3 5.5v4.500c0 1.100 2 2 5 2M13 5.500V8M12 9c3 0 5 .9 5 2s-2 2-5 2-5-.9-5-2 2-2 5-2zM7 11v3.500c0 1.100 2 2 5 2s5-.9 5-2V11',
  sim: 'M6 3h5.500L15 6.500V17H6zM8.500 9.500h4v4.500h-4z',
  chevron: 'M5.500 8l4.500 4.500L14.500 8',
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

/** Drawn as the other icons of the page (ui/icons.tsx). */
function Drawn({ path }: { readonly path: string }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="2.2" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}

export function ShelfIcon() {
  return <Drawn path="M4 4v16M20 4v16M4 11h16M4 19h16M7 7.500h3V11H7zM13 5.500h4V11h-4zM8 14h5v5H8z" />;
}

export function PlugIcon() {
  return <Drawn path="M9 3v5M15 3v5M6.500 8h11v3.500a5.500 5.500 0 0 1-11 0V8ZM12 17v4" />;
}

export function ListIcon() {
  return <Drawn path="M8 6h12M8 12h12M8 18h12M4 6h.1M4 12h.1M4 18h.1" />;
}

export function PowerIcon() {
  return <Drawn path="M12 3v8M7 6.500a7.500 7.500 0 1 0 10 0" />;
}

export function SumIcon() {
  return <Drawn path="M17 6V4H6l6.500 8L6 20h11v-2" />;
}

export function ChainIcon() {
  return <Drawn path="M10 14a4 4 0 0 1 0-5.700l2.300-2.300a4 4 0 0 1 5.700 5.700l-1.300 1.300M14 10a4 4 0 0 1 0 5.700L11.700 18A4 4 0 0 1 6 12.300L7.300 11" />;
}

import type { ReactNode } from 'react';

function Drawn({ children }: { readonly children: ReactNode }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="2.2" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      {children}
    </svg>
  );
}

export function SearchIcon() {
  return <Drawn><path d="M10.500 4a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13Zm5 11.500L20.500 20.500" /></Drawn>;
}

export function TagIcon() {
  return <Drawn><path d="M4 4h8l8.500 8.500-8 8L4 12V4Zm4 4v.1" /></Drawn>;
}

export function VanIcon() {
  return <Drawn><path d="M2.500 6h11v10.500h-11V6Zm11 4h4l4 3.500v3h-8M7 16.500a2 2 0 1 0 .1 0Zm10 0a2 2 0 1 0 .1 0Z" /></Drawn>;
}

export function PersonIcon() {
  return <Drawn><path d="M12 4a3.800 3.800 0 1 0 0 7.600A3.800 3.800 0 0 0 12 4ZM4.500 20.500c.8-4 3.700-6 7.500-6s6.700 2 7.500 6" /></Drawn>;
}

export function KeyboardIcon() {
  return <Drawn><path d="M3 6h18v12H3V6Zm4 4h.1m3.300 0h.1m3.300 0h.1m3.300 0h.1M7.500 14.500h9" /></Drawn>;
}

/** Drawn as the other icons of the page (ui/icons.tsx). */
export function ShiftIcon() {
  return (
    <svg className="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="2.2" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      <path d="M12 4 4 12.500h4.500V19h7v-6.500H20L12 4Z" />
    </svg>
  );
}

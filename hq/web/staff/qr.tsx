import { encode } from 'uqr';

/** Dark on white with its quiet zone, whatever the theme: a phone has to read it. */
export function Qr({ data, label }: { readonly data: string; readonly label: string }) {
  const { size, data: modules } = encode(data, { ecc: 'M', border: 2 });
  const path = modules.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return <div className="staff-qr"><svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges"><path d={path} /></svg></div>;
}

import { encode } from 'uqr';
import './qr-code.css';

/** The code as one SVG path, dark on white with its quiet zone. */
export function QrCode({ data, label }: { readonly data: string; readonly label: string }) {
  const { size, data: modules } = encode(data, { ecc: 'M', border: 2 });
  const path = modules.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return (
    <svg className="qr-code" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <path d={path} />
    </svg>
  );
}

import { encode } from 'uqr';
import './qr-code.css';

/** The code as one SVG path, dark on white with its quiet zone of so many modules: four is what ISO/IEC 18004 asks for, two is enough on a white card. */
export function QrCode({ data, label, quiet = 2 }: { readonly data: string; readonly label: string; readonly quiet?: number }) {
  const { size, data: modules } = encode(data, { ecc: 'M', border: quiet });
  const path = modules.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return (
    <svg className="qr-code" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <path d={path} />
    </svg>
  );
}

import type { TerminalMessage } from '../../domain/payment/card.ts';
import './terminal-picture.css';

const withCard: readonly TerminalMessage[] = ['starting', 'present_card', 'remove_card', 'declined'];

/** A card terminal, drawn: the card comes to it, its keys light up, or its screen says that it is busy. */
export function TerminalPicture({ message }: { readonly message: TerminalMessage }) {
  const waits = message === 'contacting_bank' || message === 'please_wait' || message === 'reversing' || message === 'starting';
  const keys = Array.from({ length: 12 }, (_, index) => index);
  return (
    <svg className={`terminal-picture terminal-picture--${message}`} viewBox="20 0 560 480" aria-hidden="true">
      <ellipse className="terminal-picture__shadow" cx="300" cy="462" rx="170" ry="14" />
      <rect className="terminal-picture__body" x="160" y="20" width="280" height="436" rx="44" />
      <rect className="terminal-picture__edge" x="160" y="20" width="280" height="436" rx="44" />
      <rect className="terminal-picture__screen" x="188" y="50" width="224" height="140" rx="20" />
      {waits ? (
        <g className="terminal-picture__wait">
          <circle cx="260" cy="120" r="11" />
          <circle cx="300" cy="120" r="11" />
          <circle cx="340" cy="120" r="11" />
        </g>
      ) : (
        <g className="terminal-picture__waves">
          <path d="M270 142a32 32 0 0 0 0-44M292 154a50 50 0 0 0 0-68M314 166a68 68 0 0 0 0-92" />
        </g>
      )}
      {keys.map((key) => (
        <rect
          key={key}
          className={`terminal-picture__key${key === 9 ? ' terminal-picture__key--stop' : key === 11 ? ' terminal-picture__key--ok' : ''}`}
          x={196 + (key % 3) * 74}
          y={216 + Math.floor(key / 3) * 54}
          width="60"
          height="40"
          rx="12"
        />
      ))}
      {withCard.includes(message) ? (
        <g className="terminal-picture__card">
          <rect x="382" y="66" width="216" height="138" rx="18" />
          <rect className="terminal-picture__chip" x="404" y="106" width="42" height="32" rx="7" />
          <path d="M404 172h96M516 172h54" />
        </g>
      ) : null}
    </svg>
  );
}

import './terminal-picture.css';

/** The customer's phone, drawn: it waits, or asks for a yes. */
export function PhonePicture({ confirms }: { readonly confirms: boolean }) {
  return (
    <svg className={`terminal-picture terminal-picture--${confirms ? 'enter_pin' : 'please_wait'}`} viewBox="100 0 400 480" aria-hidden="true">
      <ellipse className="terminal-picture__shadow" cx="300" cy="462" rx="150" ry="12" />
      <rect className="terminal-picture__body" x="188" y="16" width="224" height="440" rx="40" />
      <rect className="terminal-picture__edge" x="188" y="16" width="224" height="440" rx="40" />
      <rect className="terminal-picture__screen" x="206" y="48" width="188" height="376" rx="22" />
      {confirms ? (
        <g className="terminal-picture__waves">
          <path d="M254 226h92v76h-92zM270 226v-26a30 30 0 0 1 60 0v26M300 256v16" />
        </g>
      ) : (
        <g className="terminal-picture__wait">
          <circle cx="260" cy="236" r="11" />
          <circle cx="300" cy="236" r="11" />
          <circle cx="340" cy="236" r="11" />
        </g>
      )}
    </svg>
  );
}

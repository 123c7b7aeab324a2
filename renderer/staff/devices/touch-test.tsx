import type { PointerEvent } from 'react';
import { useState } from 'react';
import { createPortal } from 'react-dom';
import { staffDevicesWords } from '../../i18n/areas/staff-devices.ts';
import { Button } from '../button.tsx';
import { useStaff } from '../staff-context.tsx';
import { takeFocus } from '../staff-page.tsx';

const columns = 9;
const rows = 14;
const fields = Array.from({ length: columns * rows }, (_, index) => index);

/** The whole screen as a grid: each field that a finger has been on turns dark. What stays white is dead. */
export function TouchTest({ onBack }: { readonly onBack: () => void }) {
  const { language } = useStaff();
  const text = staffDevicesWords[language];
  const [touched, setTouched] = useState<ReadonlySet<number>>(new Set());
  const left = fields.length - touched.size;

  function feel({ clientX, clientY, currentTarget }: PointerEvent<HTMLElement>): void {
    const { left: x, top: y, width, height } = currentTarget.getBoundingClientRect();
    const column = Math.floor(((clientX - x) / width) * columns);
    const row = Math.floor(((clientY - y) / height) * rows);
    if (column < 0 || row < 0 || column >= columns || row >= rows) return;
    setTouched((before) => (before.has(row * columns + column) ? before : new Set([...before, row * columns + column])));
  }

  return createPortal(
    <div className="touch-test" role="dialog" aria-modal="true" aria-label={text.touchTitle}>
      <div
        className="touch-test__grid"
        style={{ gridTemplate: `repeat(${rows}, 1fr) / repeat(${columns}, 1fr)` }}
        aria-hidden="true"
        onPointerDown={(event) => {
          // Else a finger that strokes on would be heard by the field alone where it began.
          event.currentTarget.setPointerCapture?.(event.pointerId);
          feel(event);
        }}
        onPointerMove={feel}
      >
        {fields.map((field) => (
          <span key={field} className={touched.has(field) ? 'touch-test__field touch-test__field--felt' : 'touch-test__field'} />
        ))}
      </div>
      <div className="touch-test__words">
        <p tabIndex={-1} ref={takeFocus} role="status">
          {left === 0 ? text.touchDone : `${text.touchText} ${text.touchLeft(left)}`}
        </p>
        <Button onPress={() => setTouched(new Set())}>{text.touchAgain}</Button>
        <Button look="main" onPress={onBack}>
          {text.touchEnd}
        </Button>
      </div>
    </div>,
    document.body,
  );
}

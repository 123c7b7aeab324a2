import { ToggleButton } from 'react-aria-components/ToggleButton';
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup';
import { classNames } from '../ui/class-names.ts';
import './feedback.css';
import { useVisit } from './kiosk-context.tsx';
import { StarIcon } from './result-icons.tsx';

const counts = [1, 2, 3, 4, 5] as const;

/** One to five, as radios by role; what the number means stands beside it in words. */
export function FeedbackStars({ stars, onChange }: { readonly stars: number | undefined; readonly onChange: (stars: number) => void }) {
  const { feedback } = useVisit().words.finish;
  return (
    <div className="stars">
      <ToggleButtonGroup
        className="stars__row"
        aria-label={feedback.starsLabel}
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={stars === undefined ? [] : [String(stars)]}
        onSelectionChange={(keys) => {
          const chosen = counts.find((count) => keys.has(String(count)));
          if (chosen !== undefined) onChange(chosen);
        }}
      >
        {counts.map((count) => {
          const filled = stars !== undefined && count <= stars;
          return (
            <ToggleButton key={count} id={String(count)} className={classNames('star', filled && 'star--filled')} aria-label={feedback.star(count, feedback.stars[count - 1]!)}>
              <StarIcon filled={filled} />
            </ToggleButton>
          );
        })}
      </ToggleButtonGroup>
      <p className="stars__word" aria-hidden="true">
        {stars === undefined ? null : feedback.stars[stars - 1]}
      </p>
    </div>
  );
}

import { useState } from 'react';
import { createPortal } from 'react-dom';
import { staffDevicesWords } from '../../i18n/areas/staff-devices.ts';
import { Tile } from '../../ui/tile.tsx';
import { Button } from '../button.tsx';
import { useStaff } from '../staff-context.tsx';
import { StaffPage } from '../staff-page.tsx';

const colours = ['white', 'black', 'red', 'green', 'blue', 'grey', 'lines'] as const;

/** One colour after the other over the whole screen; a tap brings the next. */
export function ScreenTest({ onBack }: { readonly onBack: () => void }) {
  const { language } = useStaff();
  const text = staffDevicesWords[language];
  const [index, setIndex] = useState<number | undefined>(undefined);
  const colour = index === undefined ? undefined : colours[index];
  return (
    <StaffPage
      title={text.screenTitle}
      back={{ onPress: onBack }}
      actions={
        <Button look="main" onPress={() => setIndex(0)}>
          {text.screenBegin}
        </Button>
      }
    >
      <p>{text.screenText}</p>
      {colour === undefined
        ? null
        : createPortal(
            <Tile className={`screen-test screen-test--${colour}`} label={text.screenName(text.colours[colour])} onPress={() => setIndex((before) => ((before ?? 0) + 1 < colours.length ? (before ?? 0) + 1 : undefined))}>
              {null}
            </Tile>,
            document.body,
          )}
    </StaffPage>
  );
}

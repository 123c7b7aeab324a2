import { useEffect, useRef, useState } from 'react';
import type { Language } from '../../../domain/language.ts';
import { staffDevicesWords } from '../../i18n/areas/staff-devices.ts';
import type { Player } from '../../speech/player.ts';
import { createPlayer, normalVolume } from '../../speech/player.ts';
import { ChoiceGroup } from '../../ui/choice-group.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Button } from '../button.tsx';
import { useStaff, useStaffEvent } from '../staff-context.tsx';
import { StaffPage } from '../staff-page.tsx';

const volumes = { soft: 2, normal: normalVolume, loud: 10 } as const;
type Volume = keyof typeof volumes;
/** Apart from the numbers of what is said to customers. */
const firstId = 1_000_000_000;
const patienceMs = 12_000;

/** A sentence through the same voice, player and loudspeaker as a customer hears it. */
export function SoundTest({ onBack }: { readonly onBack: () => void }) {
  const { language, client } = useStaff();
  const text = staffDevicesWords[language];
  const [volume, setVolume] = useState<Volume>('normal');
  const [state, setState] = useState<'still' | 'speaking' | 'heard' | 'silent'>('still');
  const player = useRef<Player | undefined>(undefined);
  const awaited = useRef(firstId);
  const giveUp = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  useEffect(
    () => () => {
      clearTimeout(giveUp.current);
      player.current?.stop();
    },
    [],
  );

  useStaffEvent('speech', ({ id, wave }) => {
    if (id !== awaited.current) return;
    clearTimeout(giveUp.current);
    if (wave === undefined) setState('silent');
    else void player.current?.play(wave).then(() => (awaited.current === id ? setState('heard') : undefined));
  });

  async function speak(spoken: Language): Promise<void> {
    player.current ??= createPlayer(window);
    player.current.wake();
    player.current.setVolume(volumes[volume]);
    const id = (awaited.current += 1);
    setState('speaking');
    clearTimeout(giveUp.current);
    giveUp.current = setTimeout(() => setState('silent'), patienceMs);
    const asked = await client.request('speak', { id, text: text.sentence[spoken], language: spoken, wordsPerMinute: 180 });
    if (!asked.ok && awaited.current === id) {
      clearTimeout(giveUp.current);
      setState('silent');
    }
  }

  return (
    <StaffPage
      title={text.soundTitle}
      back={{ onPress: onBack }}
      actions={(['zh', 'en'] as const).map((spoken) => (
        <Button key={spoken} look={spoken === language ? 'main' : 'plain'} onPress={() => void speak(spoken)} busy={state === 'speaking'}>
          {text.speakIn[spoken]}
        </Button>
      ))}
    >
      <p>{text.soundText}</p>
      <ChoiceGroup label={text.volume} value={volume} onChange={setVolume} items={(['soft', 'normal', 'loud'] as const).map((id) => ({ id, content: text.volumes[id] }))} />
      {state === 'speaking' ? <Notice tone="wait">{text.speaking}</Notice> : null}
      {state === 'heard' ? <Notice tone="good">{text.heard}</Notice> : null}
      {state === 'silent' ? <Notice tone="bad">{text.noVoice}</Notice> : null}
    </StaffPage>
  );
}

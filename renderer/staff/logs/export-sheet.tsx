import { useState } from 'react';
import type { Answer } from '../../../domain/contract/kiosk.ts';
import { staffLogsWords } from '../../i18n/areas/staff-logs.ts';
import { ChoiceGroup } from '../../ui/choice-group.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { Button } from '../button.tsx';
import { useAsk, useStaff } from '../staff-context.tsx';
import { Await } from '../staff-page.tsx';
import type { LogChoice } from './log-filter.ts';
import { filterOf } from './log-filter.ts';

type Written = { readonly kind: 'no' } | { readonly kind: 'writing' } | { readonly kind: 'done'; readonly file: Answer<'logs.export'>; readonly isStick: boolean } | { readonly kind: 'failed'; readonly text: string };

/** What is shown, as a file with its checksum, on a stick or in the folder that the configuration names. */
export function ExportSheet({ choice, onClose }: { readonly choice: LogChoice; readonly onClose: () => void }) {
  const { language, words, call } = useStaff();
  const text = staffLogsWords[language];
  const { asked, again } = useAsk('logs.targets', {});
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const [written, setWritten] = useState<Written>({ kind: 'no' });
  const targets = asked.kind === 'there' ? asked.value.targets : [];
  const target = targets.find(({ id }) => id === chosen) ?? (targets.length === 1 ? targets[0] : undefined);
  const shown = [text.spans[choice.span], text.weights[choice.weight], ...(choice.source === undefined ? [] : [text.sourceName(choice.source)]), ...(choice.text === '' ? [] : [text.searching(choice.text)])].join(' · ');

  async function write(): Promise<void> {
    if (!target) return;
    setWritten({ kind: 'writing' });
    const result = await call('logs.export', { filter: filterOf(choice, Date.now()), targetId: target.id });
    setWritten(result.ok ? { kind: 'done', file: result.value, isStick: target.kind === 'usb' } : { kind: 'failed', text: result.error.text });
    if (!result.ok) void again();
  }

  return (
    <Sheet label={text.exportTitle} onClose={written.kind === 'writing' ? () => undefined : onClose} size="tall">
      <h2 className="log-sheet__title">{text.exportTitle}</h2>
      <div className="log-sheet__content scrolls">
        <p>{text.exportText(shown)}</p>
        <Await asked={asked} again={() => void again()}>
          {() =>
            targets.length === 0 ? (
              <Notice tone="warn">{text.exportNone}</Notice>
            ) : (
              <ChoiceGroup
                className="log-sources"
                label={text.target}
                value={target?.id}
                onChange={setChosen}
                items={targets.map(({ id, kind, label, freeBytes }) => ({
                  id,
                  disabled: written.kind === 'writing',
                  content: (
                    <span className="log-target">
                      <strong>
                        {text.kindsOfTarget[kind]} {label}
                      </strong>
                      <span>{text.free(Math.floor(freeBytes / 1_048_576).toLocaleString('en'))}</span>
                    </span>
                  ),
                }))}
              />
            )
          }
        </Await>
        {written.kind === 'writing' ? <Notice tone="wait">{text.writing}</Notice> : null}
        {written.kind === 'failed' ? <Notice tone="bad">{written.text}</Notice> : null}
        {written.kind === 'done' ? (
          <>
            <Notice tone="good">
              {text.written(written.file.file, written.file.entries)} {written.isStick ? text.unplug : ''}
            </Notice>
            <p className="log-checksum">
              {text.checksum}: <code>{written.file.sha256}</code>
            </p>
          </>
        ) : null}
      </div>
      <div className="log-sheet__actions">
        <Button onPress={onClose} disabled={written.kind === 'writing'}>
          {words.common.close}
        </Button>
        <Button onPress={() => void again()} disabled={written.kind === 'writing'}>
          {text.exportAgain}
        </Button>
        {written.kind === 'done' ? null : (
          <Button look="main" onPress={() => void write()} busy={written.kind === 'writing'} disabled={!target}>
            {text.write}
          </Button>
        )}
      </div>
    </Sheet>
  );
}

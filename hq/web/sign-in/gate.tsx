import type { FormEvent, ReactNode } from 'react';
import icon from '../icon.svg';
import { uiTexts } from '../i18n/areas/ui.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { LanguageSwitch } from '../ui/navigation.tsx';
import { ThemeSwitch } from '../ui/theme.tsx';
import './gate.css';

/** The one column of the pages before the frame. */
export function Gate({ title, lead, children }: { readonly title: string; readonly lead?: ReactNode; readonly children: ReactNode }) {
  const texts = useAreaTexts(uiTexts);
  return (
    <div className="gate">
      <title>{`${title} – Counter24 HQ`}</title>
      <header className="gate-head">
        <p className="gate-brand"><img src={icon} alt="" width="30" height="30" /><strong>Counter24</strong> <span>{texts.headquarters}</span></p>
        <div className="gate-switches"><LanguageSwitch /><ThemeSwitch /></div>
      </header>
      <main className="gate-box" id="main">
        <h1>{title}</h1>
        {lead !== undefined && <p className="gate-lead">{lead}</p>}
        {children}
      </main>
    </div>
  );
}

export function GateForm({ onSubmit, children }: { readonly onSubmit: () => void; readonly children: ReactNode }) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return <form className="gate-form" onSubmit={submit} noValidate>{children}</form>;
}

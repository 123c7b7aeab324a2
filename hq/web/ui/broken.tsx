import { Component } from 'react';
import type { ReactNode } from 'react';
import { uiTexts } from '../i18n/areas/ui.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Button } from './button.tsx';
import { Empty, Page } from './page.tsx';

interface GuardProps {
  /** Another place is another try. */
  readonly place: string;
  readonly children: ReactNode;
}

/** A page that breaks (or whose file is gone after an update) takes nothing else with it. React has boundaries as classes alone. */
export class PageGuard extends Component<GuardProps, { readonly brokenAt: string | null }> {
  override state: { readonly brokenAt: string | null } = { brokenAt: null };

  static getDerivedStateFromError(): null {
    return null;
  }

  override componentDidCatch(): void {
    this.setState({ brokenAt: this.props.place });
  }

  override render(): ReactNode {
    return this.state.brokenAt === this.props.place ? <BrokenPage /> : this.props.children;
  }
}

function BrokenPage() {
  const texts = useAreaTexts(uiTexts);
  return (
    <Page title={texts.pageBroke}>
      <Empty title={texts.pageBroke} text={texts.pageBrokeText} action={<Button look="main" onPress={() => location.reload()}>{texts.reload}</Button>} />
    </Page>
  );
}

import { useState } from 'react';
import { Button as AriaButton, Dialog, DialogTrigger, Modal, ModalOverlay } from 'react-aria-components';
import type { Permission } from '../../contract/api/permissions.ts';
import { useMe } from '../api/me.tsx';
import { uiTexts } from '../i18n/areas/ui.ts';
import { useAreaTexts, useLanguage } from '../i18n/use-texts.tsx';
import icon from '../icon.svg';
import { useLiveState } from '../live/use-live.tsx';
import { Link } from '../router.tsx';
import type { IconName } from './icon.tsx';
import { Icon } from './icon.tsx';
import { ThemeSwitch } from './theme.tsx';

interface Area {
  readonly name: keyof (typeof uiTexts)['en']['areas'];
  readonly to: string;
  readonly icon: IconName;
  readonly permission: Permission;
}

/** The areas in the order of a day's work. One is shown to whom its permission is given. */
const areas: readonly Area[] = [
  { name: 'overview', to: '/', icon: 'home', permission: 'self' },
  { name: 'fleet', to: '/fleet', icon: 'kiosk', permission: 'fleet.see' },
  { name: 'orders', to: '/orders', icon: 'orders', permission: 'orders.see' },
  { name: 'services', to: '/services', icon: 'sim', permission: 'orders.see' },
  { name: 'catalogue', to: '/catalogue', icon: 'catalogue', permission: 'catalogue.see' },
  { name: 'stock', to: '/stock', icon: 'stock', permission: 'stock.see' },
  { name: 'reports', to: '/reports', icon: 'chart', permission: 'reports.see' },
  { name: 'money', to: '/money', icon: 'coins', permission: 'money.see' },
  { name: 'alerts', to: '/alerts', icon: 'bell', permission: 'alerts.see' },
  { name: 'feedback', to: '/feedback', icon: 'star', permission: 'orders.see' },
  { name: 'staff', to: '/staff', icon: 'person', permission: 'staff.edit' },
  { name: 'people', to: '/people', icon: 'people', permission: 'people.edit' },
  { name: 'audit', to: '/audit', icon: 'list', permission: 'audit.see' },
];

/** Left of the page; a bar with a menu where it is narrow. */
export function Navigation({ path }: { readonly path: string }) {
  const texts = useAreaTexts(uiTexts);
  const [isOpen, setOpen] = useState(false);
  return (
    <header className="k-side">
      <Brand />
      <div className="k-side-wide"><Areas path={path} /></div>
      <div className="k-side-foot">
        <LiveMark />
        <Who />
        <div className="k-side-switches"><LanguageSwitch /><ThemeSwitch /></div>
      </div>
      <div className="k-side-narrow">
        <ThemeSwitch />
        <DialogTrigger isOpen={isOpen} onOpenChange={setOpen}>
          <AriaButton className="k-button k-quiet k-square" aria-label={texts.openMenu}><Icon name="menu" /></AriaButton>
          <ModalOverlay className="k-scrim k-scrim-side" isDismissable>
            <Modal className="k-drawer">
              <Dialog className="k-drawer-in" aria-label={texts.navigation}>
                <AriaButton slot="close" className="k-button k-quiet k-square k-drawer-close" aria-label={texts.close}><Icon name="cross" /></AriaButton>
                <Areas path={path} onFollow={() => setOpen(false)} />
                <div className="k-side-foot-in"><LiveMark /><Who onFollow={() => setOpen(false)} /><LanguageSwitch /></div>
              </Dialog>
            </Modal>
          </ModalOverlay>
        </DialogTrigger>
      </div>
    </header>
  );
}

function Areas({ path, onFollow }: { readonly path: string; readonly onFollow?: () => void }) {
  const texts = useAreaTexts(uiTexts);
  const { may } = useMe();
  return (
    <nav className="k-nav" aria-label={texts.navigation}>
      {areas.filter(({ permission }) => may(permission)).map(({ name, to, icon: drawing }) => (
        <Link key={name} to={to} isCurrent={to === '/' ? path === '/' : path === to || path.startsWith(`${to}/`)} {...(onFollow ? { onFollow } : {})}>
          <Icon name={drawing} />{texts.areas[name]}
        </Link>
      ))}
    </nav>
  );
}

function Brand() {
  return (
    <div className="k-brand">
      <img src={icon} alt="" width="30" height="30" />
      <div><strong>Counter24</strong><span>{useAreaTexts(uiTexts).headquarters}</span></div>
    </div>
  );
}

function LiveMark() {
  const texts = useAreaTexts(uiTexts);
  const live = useLiveState();
  return <p className={`k-live k-live-${live}`} role="status"><span aria-hidden="true" />{live === 'live' ? texts.live : live === 'lost' ? texts.lost : texts.connecting}</p>;
}

function Who({ onFollow }: { readonly onFollow?: () => void }) {
  const texts = useAreaTexts(uiTexts);
  const { name, fullName } = useMe();
  return (
    <Link to="/account" className="k-who" label={`${texts.areas.account}: ${texts.signedInAs(fullName || name)}`} {...(onFollow ? { onFollow } : {})}>
      <Icon name="person" /><span>{fullName || name}</span>
    </Link>
  );
}

export function LanguageSwitch() {
  const texts = useAreaTexts(uiTexts);
  const { language, setLanguage } = useLanguage();
  return (
    <div className="k-switch" role="group" aria-label={texts.language}>
      <button type="button" lang="zh-CN" aria-pressed={language === 'zh'} onClick={() => setLanguage('zh')}>中文</button>
      <button type="button" lang="en" aria-pressed={language === 'en'} onClick={() => setLanguage('en')}>English</button>
    </div>
  );
}

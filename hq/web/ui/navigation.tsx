import icon from '../icon.svg';
import { useLanguage, useTexts } from '../i18n/use-texts.tsx';
import { useLiveState } from '../live/use-live.tsx';
import { Link } from '../router.tsx';
import { Icon } from './icon.tsx';

export function Navigation({ path }: { readonly path: string }) {
  const texts = useTexts();
  const live = useLiveState();
  return (
    <header className="side">
      <div className="brand">
        <img src={icon} alt="" width="30" height="30" />
        <div>
          <strong>Counter24</strong>
          <span>{texts.headquarters}</span>
        </div>
      </div>
      <nav aria-label={texts.navigation}>
        <Link to="/orders" isCurrent={path === '/' || path.startsWith('/orders')}><Icon name="orders" />{texts.orders}</Link>
        <Link to="/kiosks" isCurrent={path.startsWith('/kiosks')}><Icon name="kiosk" />{texts.kiosks}</Link>
        <Link to="/feedback" isCurrent={path.startsWith('/feedback')}><Icon name="star" />{texts.feedback}</Link>
      </nav>
      <div className="side-foot">
        <p className={`live live-${live}`} role="status"><span aria-hidden="true" />{live === 'live' ? texts.live : live === 'lost' ? texts.lost : texts.connecting}</p>
        <LanguageSwitch />
      </div>
    </header>
  );
}

function LanguageSwitch() {
  const texts = useTexts();
  const { language, setLanguage } = useLanguage();
  return (
    <div className="switch" role="group" aria-label={texts.language}>
      <button type="button" lang="zh-CN" aria-pressed={language === 'zh'} onClick={() => setLanguage('zh')}>中文</button>
      <button type="button" lang="en" aria-pressed={language === 'en'} onClick={() => setLanguage('en')}>English</button>
    </div>
  );
}

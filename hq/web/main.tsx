import '../contract/plain-zod.ts';
import '@fontsource-variable/inter/index.css';
import '@fontsource-variable/noto-sans-sc/index.css';
import './ui/base.css';
import './ui/layout.css';
import './ui/parts.css';
import './ui/kit.css';
import './orders/orders.css';
import './order/order.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { LanguageProvider } from './i18n/use-texts.tsx';
import { applyKeptTheme } from './ui/theme.tsx';

applyKeptTheme();
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <LanguageProvider>
        <App />
      </LanguageProvider>
    </StrictMode>,
  );
}

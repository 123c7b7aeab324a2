import type { ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from 'react-aria-components';

export interface TabItem {
  readonly id: string;
  readonly name: string;
  readonly content: ReactNode;
}

interface TabsProps {
  readonly label: string;
  readonly items: readonly TabItem[];
  readonly selected: string;
  readonly onSelect: (id: string) => void;
}

/** Only the chosen one's content is there. Keep the choice in the address bar (`useFilters`). */
export function Tabs({ label, items, selected, onSelect }: TabsProps) {
  return (
    <AriaTabs className="k-tabs" selectedKey={selected} onSelectionChange={(key) => onSelect(String(key))} keyboardActivation="manual">
      <TabList className="k-tab-list" aria-label={label}>
        {items.map(({ id, name }) => <Tab key={id} id={id} className="k-tab">{name}</Tab>)}
      </TabList>
      {items.map(({ id, content }) => <TabPanel key={id} id={id} className="k-tab-panel">{content}</TabPanel>)}
    </AriaTabs>
  );
}

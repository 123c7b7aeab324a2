import { useEffect, useRef } from 'react';
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
  const list = useRef<HTMLDivElement>(null);
  // Where there is no room for all of them the chosen one is in sight. They are drawn a moment after they are named.
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      const chosen = list.current?.querySelector('[aria-selected=true]')?.getBoundingClientRect();
      const place = list.current?.getBoundingClientRect();
      if (chosen && place) list.current!.scrollLeft += chosen.left - place.left - (place.width - chosen.width) / 2;
    });
    return () => cancelAnimationFrame(frame);
  }, [selected]);
  return (
    <AriaTabs className="k-tabs" selectedKey={selected} onSelectionChange={(key) => onSelect(String(key))} keyboardActivation="manual">
      <TabList ref={list} className="k-tab-list" aria-label={label}>
        {items.map(({ id, name }) => <Tab key={id} id={id} className="k-tab">{name}</Tab>)}
      </TabList>
      {items.map(({ id, content }) => <TabPanel key={id} id={id} className="k-tab-panel">{content}</TabPanel>)}
    </AriaTabs>
  );
}

// One thing: its head, and tabs whose names stand in the URL.
import { Tabs } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { useNavigate, useParams } from 'react-router';
import { PageHeader, type PageHeaderProps } from './page-header.tsx';

export interface DetailTab {
  /** In the URL; the first tab's is left out. */
  name: string;
  label: string;
  content: () => ReactNode;
}

interface DetailProps extends PageHeaderProps {
  /** Without the tab: `/applications/abc`. */
  to: string;
  tabs: readonly DetailTab[];
}

/** The route ends in `/:tab?`. */
export function Detail({ to, tabs, ...header }: DetailProps) {
  const { tab } = useParams();
  const navigate = useNavigate();
  const [first] = tabs;
  const current = tabs.find(({ name }) => name === tab) ?? first;
  const scroller = useShownTab(current?.name);
  if (current === undefined) return null;
  return (
    <>
      <PageHeader {...header} />
      <Tabs
        value={current.name}
        onChange={(name) =>
          void navigate(name === first?.name ? to : `${to}/${name}`, { preventScrollReset: true })
        }
        keepMounted={false}
      >
        <div className="tabs-scroller" ref={scroller}>
          <Tabs.List>
            {tabs.map(({ name, label }) => (
              <Tabs.Tab key={name} value={name}>
                {label}
              </Tabs.Tab>
            ))}
          </Tabs.List>
        </div>
        <Tabs.Panel value={current.name} pt="lg">
          {current.content()}
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

/** Where the tabs are wider than the screen, the chosen one is in sight. */
function useShownTab(name: string | undefined) {
  const scroller = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const box = scroller.current;
    const chosen = name === undefined ? null : box?.querySelector<HTMLElement>('[aria-selected=true]');
    if (box == null || chosen == null) return;
    const [outer, inner] = [box.getBoundingClientRect(), chosen.getBoundingClientRect()];
    box.scrollLeft += inner.left + inner.width / 2 - (outer.left + outer.width / 2);
  }, [name]);
  return scroller;
}

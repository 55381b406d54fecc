/**
 * What opens at the side: beside the messages where there is room, over them on a narrow page. One
 * at a time; who is here stands there when nothing else does, if there is room.
 */
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from './icon.tsx';
import { icons } from './icons-aside.ts';
import { usePage } from './page.ts';
import type { Panel as PanelName } from './view.ts';
import { words } from './words/words.ts';

interface PanelProps {
  readonly name: PanelName;
  readonly title: ComponentChildren;
  readonly label: string;
  readonly children: ComponentChildren;
}

export function Panel({ name, title, label, children }: PanelProps) {
  const { panel } = usePage();
  const isOpen = panel.value === name;
  const box = useRef<HTMLElement>(null);
  // Who opened it goes on in it, and afterwards where they were.
  useLayoutEffect(() => {
    if (!isOpen) return undefined;
    const own = box.current;
    const opener = document.activeElement;
    const first = ['[role=search] input', '.panel-close']
      .map((selector) => own?.querySelector<HTMLElement>(selector))
      .find((element) => element);
    first?.focus();
    return () => {
      const isInside = own?.contains(document.activeElement) ?? false;
      if (isInside && opener instanceof HTMLElement) opener.focus();
    };
  }, [isOpen]);
  const close = (): void => {
    panel.value = null;
  };
  return (
    <aside
      id={`panel-${name}`}
      class={`panel ${name} ${isOpen ? 'is-open' : ''}`}
      aria-label={label}
      ref={box}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.isComposing) return;
        event.stopPropagation();
        close();
      }}
    >
      <div class="panel-head">
        <h2>{title}</h2>
        {/* Where the list of people always stands, there is nothing to close. */}
        <button type="button" class="sign panel-close" aria-label={words.app.close} onClick={close}>
          <Icon path={icons.close} />
        </button>
      </div>
      {children}
    </aside>
  );
}

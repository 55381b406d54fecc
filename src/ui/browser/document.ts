/** What the document tells the script that it runs. */

/** The address of a file whose name changes with what is in it: the document names it. */
export function named(file: 'room' | 'aside'): string {
  const script = document.querySelector<HTMLElement>('script[data-room]');
  return new URL(script?.dataset[file] ?? '', document.baseURI).href;
}

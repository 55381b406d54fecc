/** The addresses of files whose names change with what is in them: the document tells them. */
export function addressOf(file: 'room' | 'aside' | 'hosting' | 'sheet'): string {
  const script = document.querySelector<HTMLElement>('script[data-room]');
  return new URL(script?.dataset[file] ?? '', document.baseURI).href;
}

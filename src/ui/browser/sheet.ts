/**
 * Puts a style sheet of ours into the document, behind those that are there. Resolves once it is
 * applied; one that cannot be had is an error, and may be asked for again.
 */
export async function applySheet(address: string): Promise<void> {
  // What was had once stays.
  if (document.querySelector(`link[href="${address}"]`) !== null) return;
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = address;
  await new Promise<void>((resolve, reject) => {
    link.addEventListener('load', () => resolve());
    link.addEventListener('error', () => {
      link.remove();
      reject(new Error(`The sheet "${address}" cannot be loaded`));
    });
    document.head.append(link);
  });
}

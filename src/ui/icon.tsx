/** The signs on buttons: one family, drawn with one pen on a square of 24. */

const paths = {
  close: 'M6 6l12 12M18 6L6 18',
  emoji:
    'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM8.5 14.3q3.5 3.4 7 0M9.2 9.6v.4M14.8 9.6v.4',
  keyboard: 'M3.5 7h17v10h-17zM7 10.5h.01M10.3 10.5h.01M13.7 10.5h.01M17 10.5h.01M8.5 14h7',
  leave: 'M14 4.5H5.5v15H14M10 12h10.5M17 8.5l3.5 3.5-3.5 3.5',
  people:
    'M9 11.2a3.4 3.4 0 1 0 0-6.8 3.4 3.4 0 0 0 0 6.8zM2.8 19.6c.5-3.2 3-5.2 6.2-5.2s5.7 2 6.2 5.2' +
    'M16 4.8a3.3 3.3 0 0 1 0 6M17.6 14.8c1.9.7 3.2 2.4 3.6 4.8',
  search: 'M10.7 17.2a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.4 15.4l5 5',
  settings:
    'M4 7.5h8.5M18.5 7.5H20M4 16.5h1.5M11.5 16.5H20' +
    'M15.5 10.3a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6zM8.5 19.3a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6z',
} as const;

/** Says nothing to who listens: the button around it has a name. */
export function Icon({ name }: { readonly name: keyof typeof paths }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}

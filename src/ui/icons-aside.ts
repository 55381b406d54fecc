/** The signs in what is loaded later. */
export const icons = {
  close: 'M6 6l12 12M18 6L6 18',
  emoji:
    'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM8.5 14.3q3.5 3.4 7 0M9.2 9.6v.4M14.8 9.6v.4',
  keyboard: 'M3.5 7h17v10h-17zM7 10.5h.01M10.3 10.5h.01M13.7 10.5h.01M17 10.5h.01M8.5 14h7',
  leave: 'M14 4.5H5.5v15H14M10 12h10.5M17 8.5l3.5 3.5-3.5 3.5',
} as const;

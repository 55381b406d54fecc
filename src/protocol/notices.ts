/**
 * What the room tells one member alone, as the texts of notices. There is no other entry by which
 * somebody learns that they are muted: a client that knows these words need not wait to be refused.
 */
export const notices = {
  muted: 'A keeper has muted you',
  unmuted: 'You may write again',
} as const;

/** What the room of embedded pages is called, where that of the page on its own is called otherwise. */
export const embeddedName = 'encke:embedded';

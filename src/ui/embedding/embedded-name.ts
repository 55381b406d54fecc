/** What the room of embedded pages is called: that of the page on its own has another name. */
export const embeddedName = 'encke:embedded';

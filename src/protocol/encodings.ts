/** How the files of the page are stored compressed: by the build, for the server. */

/** By their names in HTTP, the smallest first. */
export const encodings = ['br', 'gzip'] as const;
export type Encoding = (typeof encodings)[number];

/** Where the build leaves what it has compressed a file into. */
export function packedName(path: string, encoding: Encoding): string {
  return `${path}.${encoding}`;
}

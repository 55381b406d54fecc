import { piecesOf } from './links.ts';

/** What somebody wrote. Built as nodes, so that it is text whatever it looks like. */
export function Text({ text }: { readonly text: string }) {
  return (
    <>
      {piecesOf(text).map((piece) =>
        typeof piece === 'string' ? (
          piece
        ) : (
          <a href={piece.href} target="_blank" rel="noopener noreferrer nofollow" dir="ltr">
            {piece.text}
          </a>
        ),
      )}
    </>
  );
}

/** The signs on buttons: one family, drawn with one pen on a square of 24. */

/** Says nothing to who listens: the button around it has a name. */
export function Icon({ path }: { readonly path: string }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}

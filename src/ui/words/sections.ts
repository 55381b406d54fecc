/** The words of a page stand in sections, by what they are about. */
type Sections = Readonly<Record<string, object>>;

/** The words of both, section by section; where both have some, those of the second. */
export function together<First extends Sections, Second extends Sections>(
  first: First,
  second: Second,
): First & Second {
  const sections = Object.entries(first).map(([name, said]) => [
    name,
    { ...said, ...second[name] },
  ]);
  return { ...second, ...(Object.fromEntries(sections) as First) };
}

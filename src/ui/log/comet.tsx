/** A comet on its orbit, where nothing has been said yet. */
export function Comet() {
  return (
    <svg class="comet" viewBox="0 0 240 130" aria-hidden="true">
      <defs>
        <linearGradient
          id="comet-tail"
          x1="150"
          y1="50"
          x2="40"
          y2="112"
          gradientUnits="userSpaceOnUse"
        >
          <stop class="comet-glow" offset="0" stop-opacity="0.75" />
          <stop class="comet-glow" offset="1" stop-opacity="0" />
        </linearGradient>
        <radialGradient id="comet-coma" cx="0.6" cy="0.36" r="0.62">
          <stop class="comet-light" offset="0.1" />
          <stop class="comet-glow" offset="1" />
        </radialGradient>
      </defs>
      <path class="comet-orbit" d="M6 126C52 46 176 2 234 30" />
      {stars.map(([x, y, r]) => (
        <circle class="comet-star" cx={x} cy={y} r={r} />
      ))}
      <path class="comet-tail" d="M146 37C120 62 84 88 36 116 92 102 134 84 167 62Z" />
      <circle class="comet-coma" cx="157" cy="48" r="16" />
    </svg>
  );
}

/** Where they stand, and how large they are. */
const stars = [
  [28, 34, 1.1],
  [74, 18, 0.8],
  [112, 108, 0.9],
  [196, 88, 1.2],
  [222, 64, 0.8],
  [206, 14, 1],
  [60, 66, 0.7],
  [150, 112, 0.7],
] as const;

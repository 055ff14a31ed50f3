/** Freehold's mark, as on the hosted pages: an F under its own roof. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="7" fill="#14543f" />
      <g transform="translate(4.8 4.4) scale(.7)">
        <path
          d="M7 28V14.5L16 6l9 8.5M7 21h11"
          fill="none"
          stroke="#fff"
          strokeWidth="4.4"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </g>
    </svg>
  );
}

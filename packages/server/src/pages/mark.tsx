// An F under its own roof: the stem is a wall, the upper arm a gable, the lower arm a floor.

const strokes = 'M7 28V14.5L16 6l9 8.5M7 21h11';

/** Freehold's mark, in the colour of the text around it. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path
        d={strokes}
        fill="none"
        stroke="currentColor"
        stroke-width="4"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}

/** The same as the icon of the tab. A data URL, since `img-src https: data:` shuts out a file over http. */
export const markDataUrl = `data:image/svg+xml,${encodeURIComponent(markFile())}`;

function markFile(): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><title>Freehold</title><rect width="32" height="32" rx="7" fill="#14543f"/><g transform="translate(4.8 4.4) scale(.7)"><path d="${strokes}" fill="none" stroke="#fff" stroke-width="4.4" stroke-linecap="round" stroke-linejoin="round"/></g></svg>`;
}

import type { ReactNode } from 'react';

/** A thing's picture, or the icon of its kind. Pictures of strangers are not told where they are shown. */
export function Tile({
  icon,
  picture,
  size = 36,
}: {
  icon: ReactNode;
  picture?: string | undefined;
  size?: number;
}) {
  const isPicture = picture !== undefined && /^(https|data):/.test(picture);
  return (
    <span className="tile" style={{ width: size, height: size }} aria-hidden="true">
      {isPicture ? <img src={picture} alt="" referrerPolicy="no-referrer" loading="lazy" /> : icon}
    </span>
  );
}

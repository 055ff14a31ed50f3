import { type ReactNode, useState } from 'react';

/** A thing's picture, or the icon of its kind. Pictures of strangers are not told where they are shown. */
export function Tile({
  icon,
  picture,
  size = 36,
}: {
  icon: ReactNode;
  picture?: string | null | undefined;
  size?: number;
}) {
  const [broken, setBroken] = useState<string>();
  const isPicture = picture != null && picture !== broken && /^(https|data):/.test(picture);
  return (
    <span className="tile" style={{ width: size, height: size }} aria-hidden="true">
      {isPicture ? (
        <img
          src={picture}
          alt=""
          referrerPolicy="no-referrer"
          loading="lazy"
          onError={() => setBroken(picture)}
        />
      ) : (
        icon
      )}
    </span>
  );
}

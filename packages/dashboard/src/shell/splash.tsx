import { Center, Loader, VisuallyHidden } from '@mantine/core';

/** While it is not known yet who is there. */
export function Splash() {
  return (
    <Center component="main" h="100dvh">
      <Loader type="dots" aria-hidden="true" />
      <VisuallyHidden role="status">Loading</VisuallyHidden>
    </Center>
  );
}

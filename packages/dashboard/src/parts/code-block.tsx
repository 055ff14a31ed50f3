import { Box, ScrollArea } from '@mantine/core';
import { Copy } from './copy.tsx';

interface CodeBlockProps {
  text: string;
  /** Of the button: "Copy the call". */
  label: string;
  /** For what has no lines of its own. */
  wraps?: boolean;
}

/** Its scrolling part is reachable by keyboard. */
export function CodeBlock({ text, label, wraps = false }: CodeBlockProps) {
  return (
    <Box pos="relative">
      <ScrollArea.Autosize
        mah={420}
        type="auto"
        className="code"
        viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': label.replace(/^Copy /, '') }}
      >
        <pre className={wraps ? 'wraps' : ''}>{text}</pre>
      </ScrollArea.Autosize>
      <Box pos="absolute" top={6} right={6} className="code-copy">
        <Copy text={text} label={label} />
      </Box>
    </Box>
  );
}

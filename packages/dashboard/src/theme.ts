// The looks: the colours of the hosted pages, on Mantine's components.
import {
  Badge,
  ColorInput,
  type CSSVariablesResolver,
  createTheme,
  Drawer,
  defaultVariantColorsResolver,
  Input,
  type MantineColorsTuple,
  Modal,
  Notification,
  Skeleton,
  Switch,
  Table,
  Tooltip,
} from '@mantine/core';

const green: MantineColorsTuple = [
  '#eef7f2',
  '#dceee4',
  '#b9dfcb',
  '#86d5b1',
  '#5cb98f',
  '#3c9c73',
  '#26805b',
  '#1b684a',
  '#14543f',
  '#0d3b2c',
];

const gray: MantineColorsTuple = [
  '#f8f7f3',
  '#f3f1ea',
  '#eae7de',
  '#dfdcd2',
  '#c9c7bd',
  '#a5a89f',
  '#868c84',
  '#55605a',
  '#38423d',
  '#19211d',
];

const dark: MantineColorsTuple = [
  '#ecf1ee',
  '#c4cdc8',
  '#a4afa8',
  '#75827b',
  '#36413b',
  '#27302b',
  '#181e1b',
  '#0f1412',
  '#0b0f0d',
  '#070a09',
];

const sans = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif';
const mono = 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace';

export const theme = createTheme({
  colors: { green, gray, dark },
  primaryColor: 'green',
  primaryShade: { light: 8, dark: 3 },
  autoContrast: true,
  // Mantine asks what contrasts in the light scheme alone; filled things are dark there, and bright in the dark.
  variantColorResolver: (input) => {
    const colors = defaultVariantColorsResolver(input);
    return input.variant === 'filled' ? { ...colors, color: 'light-dark(#ffffff, #06261a)' } : colors;
  },
  white: '#ffffff',
  black: '#19211d',
  fontFamily: sans,
  fontFamilyMonospace: mono,
  headings: { fontFamily: sans, fontWeight: '650', textWrap: 'balance' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Badge: Badge.extend({ defaultProps: { tt: 'none', radius: 'sm', fw: 600 } }),
    ColorInput: ColorInput.extend({
      defaultProps: { eyeDropperButtonProps: { 'aria-label': 'Pick a colour from the screen' } },
    }),
    // What explains a field stands below it, so that fields beside each other begin at one height.
    InputWrapper: Input.Wrapper.extend({
      defaultProps: { inputWrapperOrder: ['label', 'input', 'error', 'description'] },
    }),
    Modal: Modal.extend({
      defaultProps: {
        centered: true,
        radius: 'lg',
        padding: 'lg',
        closeButtonProps: { 'aria-label': 'Close' },
      },
    }),
    Drawer: Drawer.extend({ defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } }),
    Notification: Notification.extend({ defaultProps: { closeButtonProps: { 'aria-label': 'Dismiss' } } }),
    Skeleton: Skeleton.extend({ defaultProps: { radius: 'sm' } }),
    Switch: Switch.extend({ defaultProps: { withThumbIndicator: false } }),
    Table: Table.extend({ defaultProps: { verticalSpacing: 'sm', horizontalSpacing: 'md' } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 300, withArrow: true } }),
  },
});

/** What Mantine's own greys would leave unreadable: WCAG 2.2, 1.4.3. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#ffffff',
    '--mantine-color-dimmed': '#55605a',
    '--mantine-color-placeholder': '#6b746e',
    '--mantine-color-error': '#b3261e',
    '--mantine-color-anchor': '#14543f',
    '--mantine-color-yellow-light-color': '#7a4a00',
    '--mantine-color-red-light-color': '#9c1f18',
    '--mantine-color-red-outline': '#b3261e',
    '--mantine-color-gray-light-color': '#38423d',
    '--ground': '#f8f7f3',
    '--line': '#e4e1d8',
    '--danger': '#b3261e',
    '--success': '#1b7448',
    '--warning': '#8a5300',
  },
  dark: {
    '--mantine-color-body': '#181e1b',
    '--mantine-color-dimmed': '#a4afa8',
    '--mantine-color-placeholder': '#8e9992',
    '--mantine-color-error': '#ff9d92',
    '--mantine-color-anchor': '#86d5b1',
    '--mantine-color-red-outline': '#ff9d92',
    '--mantine-color-green-outline': '#86d5b1',
    '--ground': '#0f1412',
    '--line': '#2d3732',
    '--danger': '#ff9d92',
    '--success': '#7fd6a0',
    '--warning': '#f2bd6b',
  },
});

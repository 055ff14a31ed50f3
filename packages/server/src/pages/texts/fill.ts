import type { ComponentChild } from 'preact';

const place = /\{(\w+)\}/;

/** Puts values, markup included, into the places of a text: `fill('Continue to {client_name}', …)`. */
export function fill(text: string, values: Record<string, ComponentChild>): ComponentChild[] {
  return text.split(place).map((part, index) => (index % 2 === 0 ? part : values[part]));
}

/** The same for places where only characters can stand, such as a title. */
export function fillPlain(text: string, values: Record<string, string>): string {
  return text
    .split(place)
    .map((part, index) => (index % 2 === 0 ? part : (values[part] ?? '')))
    .join('');
}

import type { ComponentChild } from 'preact';

const place = /\{(\w+)\}/;

/** Puts values, markup included, into the places of a text: `fill('Continue to {client_name}', …)`. */
export function fill(text: string, values: Record<string, ComponentChild>): ComponentChild[] {
  return text.split(place).map((part, index) => (index % 2 === 0 ? part : values[part]));
}

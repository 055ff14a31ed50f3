// Formats of Auth0's schemas, under its names, with the words of our own for whoever writes a file.
import { z } from 'zod';
import { isColor } from '../model/branding.ts';
import { isPlainHost, webUrlProblem } from '../model/registered-url.ts';
import { isEmail } from '../model/user.ts';

/** An https URL (http on a loopback host). */
export const webUrl = z.stringFormat('absolute-https-uri', isWebUrl, {
  error: ({ input }) => webUrlProblem(String(input)) ?? '',
});

/** The same, or nothing. */
export const webUrlOrEmpty = z.stringFormat('absolute-https-uri-or-empty', isEmptyOr(isWebUrl), {
  error: ({ input }) => webUrlProblem(String(input)) ?? '',
});

/** Of a page or a picture that is only named. */
export const urlOrEmpty = z.stringFormat('absolute-uri-or-empty', isEmptyOr(isUrl), {
  error: 'must be an http:// or https:// URL',
});

export const emailOrEmpty = z.stringFormat('email-or-empty', isEmptyOr(isEmail), {
  error: 'must be an e-mail address',
});

/** What a page loads. */
export const httpsUrl = z.stringFormat('strict-https-uri-or-null', isHttps, {
  error: 'must be an https:// URL',
});

export const color = z.stringFormat('html-color-or-null', isColor, {
  error: 'must be a colour in hexadecimal digits, such as #0059d6',
});

function isEmptyOr(test: (text: string) => boolean): (text: string) => boolean {
  return (text) => text === '' || test(text);
}

function isWebUrl(text: string): boolean {
  return webUrlProblem(text) === undefined;
}

function isUrl(text: string): boolean {
  return isOf(['https:', 'http:'], text);
}

function isHttps(text: string): boolean {
  return isOf(['https:'], text) && !/\s/.test(text);
}

function isOf(protocols: readonly string[], text: string): boolean {
  const url = text.length <= longest ? URL.parse(text) : null;
  return url !== null && protocols.includes(url.protocol) && isPlainHost(url.hostname);
}

/** Characters. */
const longest = 2048;

// Silent authentication: the authorization request runs in an invisible frame, and the server's answer comes as
// one message. Any page may post messages, so only the frame opened here, on the issuer's origin, is believed.

import { SilentTimeout } from './errors.ts';

/** The parameters of the authorization response. Throws SilentTimeout after `timeout` seconds. */
export function authorizeInFrame(url: URL, issuer: URL, timeout: number): Promise<URLSearchParams> {
  return new Promise((resolve, reject) => {
    const frame = document.createElement('iframe');
    frame.hidden = true;
    frame.title = 'Silent authentication';
    frame.src = url.href;

    const receive = ({ origin, source, data }: MessageEvent<unknown>) => {
      if (origin !== issuer.origin || source !== frame.contentWindow) return;
      const parameters = responseParameters(data);
      if (parameters === undefined) return;
      finish();
      resolve(parameters);
    };
    const timer = setTimeout(() => {
      finish();
      reject(
        new SilentTimeout(`no answer within ${timeout} s: is this origin among the allowed web origins?`),
      );
    }, timeout * 1000);
    const finish = () => {
      clearTimeout(timer);
      removeEventListener('message', receive);
      frame.remove();
    };

    addEventListener('message', receive);
    document.body.append(frame);
  });
}

function responseParameters(data: unknown): URLSearchParams | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  if (!('type' in data) || data.type !== 'authorization_response') return undefined;
  if (!('response' in data) || typeof data.response !== 'object' || data.response === null) return undefined;
  return new URLSearchParams(Object.entries(data.response).filter(([, value]) => typeof value === 'string'));
}

// Hands the authorization response to the window that asked: the opener of a popup, the parent of an iframe.
// The browser delivers it only if that window still shows the one origin that may read it.

const { targetOrigin, response } = document.body.dataset;
const asker = window.opener ?? window.parent;

asker.postMessage({ type: 'authorization_response', response: JSON.parse(response) }, targetOrigin);

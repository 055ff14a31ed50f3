// Sends the authorization response on its way. The form's own `submit` may be shadowed by a parameter of that name.

HTMLFormElement.prototype.submit.call(document.getElementById('form-post'));

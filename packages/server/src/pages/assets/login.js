// Shows and hides what is typed into a password field. The page is whole without it.

for (const toggle of document.querySelectorAll('[data-toggles]')) {
  const input = document.getElementById(toggle.dataset.toggles);

  const reveal = (shown) => {
    input.type = shown ? 'text' : 'password';
    toggle.toggleAttribute('data-shown', shown);
    toggle.setAttribute('aria-label', shown ? toggle.dataset.hide : toggle.dataset.show);
  };

  toggle.addEventListener('click', () => reveal(input.type === 'password'));
  // A browser remembers what was typed into a text field.
  input.form.addEventListener('submit', () => reveal(false));
  toggle.hidden = false;
}

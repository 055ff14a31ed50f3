// Runs before anything is painted: the page begins in the scheme that was chosen in the menu, or in the system's. A file
// of its own, for the Content-Security-Policy lets no script stand in the page.
{
  const chosen = localStorage.getItem('mantine-color-scheme-value');
  const isDark = matchMedia('(prefers-color-scheme: dark)').matches;
  const scheme = chosen === 'light' || chosen === 'dark' ? chosen : isDark ? 'dark' : 'light';
  document.documentElement.dataset.mantineColorScheme = scheme;
}

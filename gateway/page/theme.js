// The colours: the system's, until somebody changes them here.
import {byId} from './dom.js';

function useTheme(theme) {
  document.documentElement.dataset.theme = theme;
}

byId('theme').addEventListener('click', () => {
  const dark = document.documentElement.dataset.theme === 'dark' ||
      (!document.documentElement.dataset.theme && matchMedia('(prefers-color-scheme: dark)').matches);
  useTheme(dark ? 'light' : 'dark');
  localStorage.setItem('theme', dark ? 'light' : 'dark');
});
if (localStorage.getItem('theme')) useTheme(localStorage.getItem('theme'));

/** What a page can do apart from being read: copy, filter, open and close, and follow links into closed rows. */
export const script = `
(() => {
  const all = (what, root = document) => [...root.querySelectorAll(what)];
  for (const box of all('.copy')) {
    const button = box.querySelector('button');
    button.hidden = false;
    button.addEventListener('click', async () => {
      const text = box.querySelector('pre');
      try {
        await navigator.clipboard.writeText(text.textContent);
      } catch {
        getSelection().selectAllChildren(text);
        document.execCommand('copy');
      }
      button.textContent = 'Copied';
      setTimeout(() => { button.textContent = 'Copy'; }, 1500);
    });
  }
  const checks = all('details.check');
  for (const tools of all('.tools')) tools.hidden = false;
  for (const button of all('[data-only]')) {
    button.addEventListener('click', () => {
      const only = button.dataset.only;
      for (const other of all('[data-only]')) other.setAttribute('aria-pressed', String(other === button));
      for (const check of checks) check.hidden = only !== '' && check.dataset.verdict !== only;
      for (const suite of all('.suite')) suite.hidden = all('details.check', suite).every((check) => check.hidden);
    });
  }
  for (const button of all('[data-open]')) {
    button.addEventListener('click', () => {
      for (const check of checks) check.open = button.dataset.open !== '';
    });
  }
  const follow = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target instanceof HTMLDetailsElement) {
      target.hidden = false;
      target.open = true;
      target.scrollIntoView();
    }
  };
  addEventListener('hashchange', follow);
  follow();
  let closed = [];
  addEventListener('beforeprint', () => {
    closed = checks.filter((check) => !check.open);
    for (const check of closed) check.open = true;
  });
  addEventListener('afterprint', () => {
    for (const check of closed) check.open = false;
  });
})();
`;

// Exits 0 when node_modules holds what package-lock.json asks for on this platform, by npm's own note of what it installed.
const { readFileSync } = require('node:fs');

const packages = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;
const fits = (allowed, value) => !allowed || allowed.includes(value);
// npm leaves out optional packages without a word, even when they are the binary for this very platform.
const needed = (entry) =>
  !entry.optional ||
  ((entry.os || entry.cpu) &&
    fits(entry.os, process.platform) &&
    fits(entry.cpu, process.arch) &&
    fits(entry.libc, 'glibc'));

try {
  const wanted = packages('package-lock.json');
  const found = packages('node_modules/.package-lock.json');
  const matches = Object.keys(wanted).every((path) => {
    if (path === '' || (!found[path] && !needed(wanted[path]))) return true;
    return found[path]?.version === wanted[path].version && found[path].integrity === wanted[path].integrity;
  });
  process.exitCode = matches ? 0 : 1;
} catch {
  process.exitCode = 1;
}

/** Texts of files as they may be shown: without what opens doors elsewhere. Pure. */

const hidden = '********';

const secrets: [file: RegExp, secret: RegExp][] = [
  [/^\/etc\/keepalived\//, /^([ \t]*(?:auth_pass|password)[ \t]+)\S.*$/gm],
  [/^\/etc\/ha\.d\/(.*\/)?authkeys$/, /^([ \t]*\d+[ \t]+\w+[ \t]+)\S.*$/gm],
  [/ldirectord\.cf$/, /^([ \t]*(?:passwd|secret)[ \t]*=[ \t]*)\S.*$/gm],
];

export const masked = (path: string, text: string): string =>
  secrets
    .filter(([file]) => file.test(path))
    .reduce((shown, [, secret]) => shown.replace(secret, `$1${hidden}`), text);

/** Nobody else's affair, and no configuration: not even its length is shown. */
export const isPrivate = (path: string, text: string): boolean =>
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text) || /^\/etc\/(shadow|gshadow)-?$/.test(path);

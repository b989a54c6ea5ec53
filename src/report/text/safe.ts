/** Text that comes from hosts may hold anything; here it loses what would act instead of being read. */

/** Without control characters (terminals obey them), but with line breaks and tabs. */
export function plain(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(control, '\u{fffd}');
}

/** On one line. */
export function oneLine(text: string): string {
  return plain(text).replace(/\s+/g, ' ').trim();
}

/** At most so many characters, with an ellipsis where something was cut off. */
export function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, Math.max(0, length - 1))}…`;
}

/** Control characters but tab and newline, the marks that turn the direction of writing, and non-characters. */
const control = /[^\P{Cc}\t\n]|[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu;

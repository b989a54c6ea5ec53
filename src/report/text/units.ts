/** Numbers as people read them. */

/** Three significant digits, thousands apart, no exponent. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  const digits = size === 0 || size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 3 : 4;
  const text = value.toFixed(digits);
  const short = digits > 0 ? text.replace(/\.?0+$/, '') : text;
  return short.replace(/^(-?\d+)/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ','));
}

/** Value and unit, in the unit that keeps it short: `3.1 s`, `2.4 Gbit/s`, `1,204 requests/s`, `0.998`. */
export function quantity(value: number, unit: string): string {
  const inMs = unit === 's' ? value * 1000 : unit === 'ms' ? value : unit === 'µs' ? value / 1000 : undefined;
  if (inMs !== undefined) return duration(inMs);
  const rate = /^(bit|byte|B)(\/s)?$/.exec(unit);
  if (rate) return withPrefix(value, unit);
  return unit === '1' || unit === '' ? number(value) : `${number(value)} ${unit}`;
}

/** `4.1 to 4.9 ms`; each with its unit where they differ. */
export function range(low: number, high: number, unit: string): string {
  const [from, to] = [quantity(low, unit), quantity(high, unit)];
  const suffix = / [^\d]*$/.exec(to)?.[0] ?? '';
  return `${suffix !== '' && from.endsWith(suffix) ? from.slice(0, -suffix.length) : from} to ${to}`;
}

/** `0 ms`, `830 µs`, `12.4 ms`, `3.1 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  const size = Math.abs(ms);
  if (size === 0 || !Number.isFinite(ms)) return `${number(ms)} ms`;
  if (size < 1) return `${number(ms * 1000)} µs`;
  if (size < 1000) return `${number(ms)} ms`;
  if (size < 60_000) return `${number(ms / 1000)} s`;
  const seconds = Math.round(ms / 1000);
  const minutes = Math.trunc(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${seconds % 60} s`
    : `${Math.trunc(minutes / 60)} h ${minutes % 60} min`;
}

export function bytes(count: number): string {
  if (count < 1024) return `${count} B`;
  const steps = ['KiB', 'MiB', 'GiB', 'TiB'];
  const step = Math.min(steps.length, Math.floor(Math.log2(count) / 10));
  return `${number(count / 1024 ** step)} ${steps[step - 1]}`;
}

/** `1 check`, `2 checks`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}

/** `2026-11-22 18:05:25 UTC` from ISO 8601; anything else as it is. */
export function instant(iso: string): string {
  const parts = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z$/.exec(iso);
  return parts ? `${parts[1]} ${parts[2]} UTC` : iso;
}

function withPrefix(value: number, unit: string): string {
  const size = Math.abs(value);
  const [factor, prefix] =
    size >= 1e9 ? [1e9, 'G'] : size >= 1e6 ? [1e6, 'M'] : size >= 1e3 ? [1e3, 'k'] : [1, ''];
  return `${number(value / factor)} ${prefix}${unit}`;
}

/** A share from 0 to 1. */
export const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** A ratio as a change: `−12 %`, `+3.5 %`, `3.4 ×`. */
export function change(ratio: number): string {
  if (!Number.isFinite(ratio)) return '–';
  if (ratio >= 2) return `${number(ratio)} ×`;
  const share = (ratio - 1) * 100;
  const text = number(Number(share.toFixed(Math.abs(share) < 10 ? 1 : 0)));
  if (text === '0') return '±0 %';
  return share < 0 ? `${text.replace('-', '−')} %` : `+${text} %`;
}

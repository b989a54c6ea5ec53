import type { TrialRecord, Variant } from '../../model/comparison.ts';

/** Of every byte that the clients received, how many the directors sent; what tells forwarding methods apart. Pure. */
export function passageOf(trials: readonly TrialRecord[], variants: readonly Variant[]): string | undefined {
  const shares = variants.flatMap(({ name }) => {
    const own = trials.filter(({ variant }) => variant === name);
    const sent = own.reduce((sum, { directorBytes }) => sum + (directorBytes?.out ?? 0), 0);
    const received = own.reduce((sum, { clientBytes }) => sum + (clientBytes?.in ?? 0), 0);
    return received > 0 && own.some(({ directorBytes }) => directorBytes)
      ? [{ name, share: sent / received }]
      : [];
  });
  const all = shares.map(({ share }) => share);
  // Schedulers send the same through a director; only what changes its part is worth a sentence.
  if (shares.length < 2 || Math.max(...all) < 2 * Math.min(...all)) return undefined;
  const parts = shares.map(({ name, share }) => `${name} ${share.toPrecision(2)}`);
  return `Bytes that the director sent for each byte that the client received: ${parts.join(', ')}.`;
}

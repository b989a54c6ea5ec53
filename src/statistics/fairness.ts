/**
 * Jain's index: 1 where all real servers got the same, 1/n where one got everything.
 * Jain, Chiu and Hawe, DEC Research Report TR-301 (1984).
 * @param amounts connections, requests or bytes of each
 * @param weights what each should get, in any unit; a real server of weight 0 is left out
 * @throws {RangeError} where nothing was shared out, or to nobody
 */
export function jainIndex(
  amounts: readonly number[],
  weights: readonly number[] = amounts.map(() => 1),
): number {
  if (weights.length !== amounts.length)
    throw new RangeError(`${amounts.length} amounts, but ${weights.length} weights`);
  if (amounts.some((one) => !(one >= 0))) throw new RangeError(`an amount is below 0: ${amounts.join(', ')}`);
  const perWeight = amounts.flatMap((amount, i) => ((weights[i] ?? 0) > 0 ? amount / (weights[i] ?? 1) : []));
  const sum = perWeight.reduce((total, one) => total + one, 0);
  const squares = perWeight.reduce((total, one) => total + one * one, 0);
  if (squares === 0) throw new RangeError('nothing was shared out');
  return (sum * sum) / (perWeight.length * squares);
}

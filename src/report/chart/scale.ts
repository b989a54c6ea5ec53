/** From values to pixels, and the round numbers worth a tick. */

export interface Scale {
  (value: number): number;
  ticks: number[];
}

/** Linear from 0 to a round number at or above `max`. */
export function fromZero(max: number, from: number, to: number, tickCount: number): Scale {
  const step = roundStep((max || 1) / tickCount);
  const top = Math.ceil((max || 1) / step - 1e-9) * step;
  const ticks = Array.from({ length: Math.round(top / step) + 1 }, (_, index) => index * step);
  return Object.assign((value: number) => from + (value / top) * (to - from), { ticks });
}

/** Linear between round numbers round `min` and `max`; not from 0, so for lines and dots, never for bars. */
export function between(min: number, max: number, from: number, to: number, tickCount: number): Scale {
  const step = roundStep((max - min || Math.abs(max) || 1) / tickCount);
  const bottom = Math.floor(min / step + 1e-9) * step;
  const steps = Math.max(1, Math.ceil((max - bottom) / step - 1e-9));
  const ticks = Array.from({ length: steps + 1 }, (_, index) => bottom + index * step);
  const span = steps * step;
  return Object.assign((value: number) => from + ((value - bottom) / span) * (to - from), { ticks });
}

/** Logarithmic between round numbers round `min` and `max`, both positive; ticks at 1, 2, 5 or only 1. */
export function logarithmic(min: number, max: number, from: number, to: number, tickCount: number): Scale {
  const steps = [1, 2, 5];
  const all: number[] = [];
  for (let power = Math.floor(Math.log10(min)) - 1; power <= Math.ceil(Math.log10(max)); power++) {
    for (const step of steps) all.push(step * 10 ** power);
  }
  const bottom = all.findLast((tick) => tick <= min * 1.0001) ?? min;
  const top = all.find((tick) => tick >= max * 0.9999 && tick > bottom) ?? max;
  const inside = all.filter((tick) => tick >= bottom && tick <= top);
  const decades = inside.filter((tick) => Math.abs(Math.log10(tick) % 1) < 1e-9);
  const ticks = inside.length <= tickCount || decades.length < 2 ? inside : decades;
  const span = Math.log(top / bottom);
  const clamped = (value: number) => Math.min(top, Math.max(bottom, value));
  return Object.assign((value: number) => from + (Math.log(clamped(value) / bottom) / span) * (to - from), {
    ticks,
  });
}

/** 1, 2 or 5 times a power of ten, at least `step`. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  return ([1, 2, 5, 10].find((factor) => factor * power >= step * 0.9999) ?? 10) * power;
}

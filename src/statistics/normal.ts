import { upperGamma } from './gamma.ts';

/** P(|Z| ≥ |z|) of the standard normal: erfc(|z|/√2) = Q(½, z²/2), DLMF 7.11.2. */
export const twoSidedNormal = (z: number): number => upperGamma(0.5, (z * z) / 2);

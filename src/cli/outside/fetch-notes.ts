import type { OnFetch } from '../../../lab/kernel/index.ts';

export const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

/** Tells how far the fetching of a kernel is: the size at first, then each quarter, then that it is being unpacked. */
export const fetchNotes = (say: (text: string) => void): OnFetch => {
  return (release) => {
    let quarters = -1;
    return (doneBytes, downloadBytes) => {
      const now = Math.min(4, Math.floor((4 * doneBytes) / downloadBytes));
      if (now <= quarters) return;
      quarters = now;
      const size = megabytes(downloadBytes);
      say(
        now === 4
          ? `kernel ${release}: ${size} fetched, unpacking`
          : `kernel ${release}: ${megabytes(doneBytes)} of ${size}`,
      );
    };
  };
};

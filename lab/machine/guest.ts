/** Memory of a guest's kernel, in MiB: what a run gives it, and what `drlab doctor` asks of the machine. */
export const guestMemoryMiB = 2048;

/** One line of `drlab doctor`. */
export interface Finding {
  name: string;
  ok: boolean;
  /** Nothing runs without it; without the others drlab does less. */
  required: boolean;
  /** Version and path, or what was seen. */
  found: string;
  neededFor: string;
  /** The command that fixes it, ready to paste. */
  install?: string;
}

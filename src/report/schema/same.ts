/**
 * Schema and type say the same, down to optional fields, or what is to satisfy it does not compile. (Two functions are of
 * one type only if the types in their conditions are identical; assignability would let optional fields differ.)
 */
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : never;

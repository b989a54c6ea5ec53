/** A stack of things to give back, since Node 20 lacks AsyncDisposableStack. Last in, first out. */
export class Scope implements AsyncDisposable {
  #undo: (() => unknown)[] = [];

  /** Registers `undo` to run when the scope ends; register before the thing it undoes. */
  defer(undo: () => unknown): void {
    this.#undo.push(undo);
  }

  /** Takes over a disposable and hands it back. */
  use<T extends AsyncDisposable>(resource: T): T {
    this.#undo.push(() => resource[Symbol.asyncDispose]());
    return resource;
  }

  /** Hands everything over to a new scope; this one is empty afterwards. */
  move(): Scope {
    const newMaster = new Scope();
    newMaster.#undo = this.#undo;
    this.#undo = [];
    return newMaster;
  }

  /** Runs every undo even when some throw; the first error is thrown at the end. */
  async [Symbol.asyncDispose](): Promise<void> {
    const errors: unknown[] = [];
    for (let undo = this.#undo.pop(); undo; undo = this.#undo.pop()) {
      try {
        await undo();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}

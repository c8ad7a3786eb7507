import type { Person, Place, Said } from "../place.ts";

/** A place of nothing but memory, that can also be written to as a relay would. */
export class MemoryPlace implements Place {
  readonly name: string;
  readonly people: readonly Person[];
  readonly canEdit: boolean;
  readonly #said: Said[] = [];
  readonly #watchers = new Set<() => void>();
  #count = 0;

  constructor(name: string, people: readonly string[], canEdit = true) {
    this.name = name;
    this.people = people.map(each => ({ id: each.toLowerCase(), name: each }));
    this.canEdit = canEdit;
  }

  said(): readonly Said[] {
    return [...this.#said];
  }

  async say(person: string, text: string, options: { readonly replyTo?: string } = {}): Promise<string> {
    const author = this.people.find(({ id }) => id === person);
    if (!author) throw new Error("not_in_channel");
    return this.write({ author: author.name, text, relayed: false, ...options });
  }

  async edit(_person: string, id: string, text: string): Promise<void> {
    this.#change(id, said => ({ ...said, text, edited: true }));
  }

  async remove(_person: string, id: string): Promise<void> {
    this.#change(id, () => undefined);
  }

  watch(changed: () => void): () => void {
    this.#watchers.add(changed);
    return () => this.#watchers.delete(changed);
  }

  get watchers(): number {
    return this.#watchers.size;
  }

  /** Puts in an entry as it is; returns its id. */
  write(entry: Pick<Said, "author" | "text" | "relayed"> & Partial<Said>): string {
    this.#count += 1;
    const id = `${this.name}.${this.#count}`;
    this.#said.push({ id, edited: false, at: Date.now(), ...entry });
    this.#tell();
    return id;
  }

  #change(id: string, to: (said: Said) => Said | undefined): void {
    const at = this.#said.findIndex(said => said.id === id);
    const said = this.#said[at];
    if (!said) throw new Error("message_not_found");
    const changed = to(said);
    this.#said.splice(at, 1, ...(changed ? [changed] : []));
    this.#tell();
  }

  #tell(): void {
    for (const watcher of this.#watchers) watcher();
  }
}

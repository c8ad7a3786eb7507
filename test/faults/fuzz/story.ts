import {
  type Adapter,
  channelKey,
  createMemoryStore,
  createRelay,
  type Relay,
  type Report,
  type Room,
  type Store,
} from "@fanin/core";
import { createManualClock, type FakeNetwork, type ManualClock, settled } from "@fanin/core/contract";
import { FaultyNetwork, isToken, textOf, tokenOf } from "./faulty-network.ts";
import { Life, storeErrors } from "./life.ts";
import { Membership } from "./membership.ts";
import { movable, places, roomsOf } from "./places.ts";
import { type Random, seeded } from "./random.ts";
import { Trouble } from "./trouble.ts";

/** What a person said, as it stands now. */
export interface Said {
  readonly token: string;
  readonly network: FaultyNetwork;
  readonly channel: FakeNetwork;
  readonly id: string;
  readonly at: number;
  readonly answers: string | undefined;
  version: number;
  parts: number;
  isDeleted: boolean;
}

/** What a mutant breaks. */
export interface Sabotage {
  readonly store?: (store: Store) => Store;
  readonly adapter?: (adapter: Adapter) => Adapter;
}

const STEPS = 160;

/** A conversation over four networks with all that can go wrong, as one seed has it. */
export class Story {
  readonly clock: ManualClock = createManualClock();
  readonly random: Random;
  readonly trouble: Trouble;
  readonly networks: ReadonlyMap<string, FaultyNetwork>;
  readonly said: Said[] = [];
  readonly memory: Store = createMemoryStore({ clock: this.clock });
  readonly membership = new Membership(this.clock);
  readonly #sabotage: Sabotage;
  #life: Life;
  #relay: Relay | undefined;
  #rooms: Room[] = roomsOf(new Map());

  constructor(seed: number, sabotage: Sabotage = {}) {
    this.random = seeded(seed);
    this.trouble = new Trouble(this.clock, this.random);
    this.#sabotage = sabotage;
    this.#life = new Life(this.memory, this.clock, this.random);
    this.networks = new Map(
      Object.entries(places).map(([name, channels]) => [
        name,
        new FaultyNetwork(name, channels, this.clock, this.random, this.trouble),
      ]),
    );
  }

  async run(): Promise<void> {
    this.trouble.level = 0; // links start at now: all are up before the first word
    await this.#begin();
    await this.clock.advance(5000);
    this.trouble.level = 0.15;
    for (let step = 0; step < STEPS; step += 1) {
      await this.#step();
      await this.clock.advance(this.random.chance(0.1) ? this.random.int(10_000) : this.random.int(100));
      if (this.#life.isDead) await this.#begin();
    }
    await this.#settle();
  }

  channel(key: string): FakeNetwork | undefined {
    const [network = "", channel = ""] = key.split(":");
    return this.networks.get(network)?.channels.get(channel);
  }

  /** Another life on what the store was left with. */
  async #begin(): Promise<void> {
    for (const network of this.networks.values()) await network.disconnect();
    this.trouble.release();
    await settled();
    await this.memory.open();
    this.membership.restarted();
    const { adapter = given => given, store = given => given } = this.#sabotage;
    this.#life = new Life(store(this.memory), this.clock, this.random);
    const adapters = [...this.networks].map(([name, network]) => [name, adapter(network.adapter(this.#life))] as const);
    this.#relay = createRelay({
      store: this.#life.store,
      clock: this.#life.clock,
      adapters: Object.fromEntries(adapters),
      recheckMs: 60_000,
    });
    const life = this.#life;
    this.#relay.watch(report => {
      if (!life.isDead) this.#saw(report);
    });
    void this.#relay.start(this.#rooms).catch(() => undefined); // stopped meanwhile
  }

  #saw(report: Report): void {
    if (report.type === "link" && report.link.channel) {
      this.membership.linkIs(report.link.channel, report.link.room, report.link.state);
    }
  }

  async #step(): Promise<void> {
    const { random } = this;
    const dice = random.int(100);
    if (dice < 55) return this.#say();
    if (dice < 68) return this.#edit();
    if (dice < 75) return this.#delete();
    if (dice < 79) return this.#life.dieSoon(random.int(30));
    if (dice < 82) return this.#end();
    if (dice < 84) return this.#restart();
    if (dice < 90) return this.#apply();
    if (dice < 93) return this.trouble.release();
    if (dice < 96) return this.#fillDisk();
    if (dice < 98) return this.#kick();
    return this.#resume();
  }

  #say(): void {
    const network = this.random.pick([...this.networks.values()]);
    const channel = network && this.random.pick([...network.channels.values()]);
    if (!channel) return;
    const answered = this.random.chance(0.3)
      ? this.random.pick(
          channel
            .shown()
            .filter(({ text }) => isToken(tokenOf(text)))
            .slice(-4),
        )
      : undefined;
    const token = `t${this.said.length}`;
    const parts = 1 + this.random.int(3);
    void channel.say(textOf(token, 0, parts), answered?.id);
    const id = channel.shown().at(-1)?.id ?? "";
    const answers = answered && tokenOf(answered.text);
    const at = this.clock.now();
    this.said.push({ token, network, channel, id, at, answers, version: 0, parts, isDeleted: false });
  }

  #standing(): Said | undefined {
    return this.random.pick(this.said.filter(({ isDeleted }) => !isDeleted).slice(-12));
  }

  #edit(): void {
    const said = this.#standing();
    if (!said) return;
    said.version += 1;
    said.parts = 1 + this.random.int(3);
    void said.channel.edit(said.id, textOf(said.token, said.version, said.parts));
  }

  #delete(): void {
    const said = this.#standing();
    if (!said) return;
    said.isDeleted = true;
    void said.channel.remove(said.id);
  }

  /** Dies between two calls. */
  #end(): void {
    this.#life.isDead = true;
  }

  async #restart(): Promise<void> {
    const stopped = this.#relay?.stop();
    await this.clock.advance(10_000);
    if (this.#life.isDead) return;
    await stopped;
    this.#life.isDead = true;
  }

  /** Every channel that may move goes to some room or none. */
  #apply(): void {
    const relay = this.#relay;
    const wanted = new Map(movable.map(key => [key, this.random.pick(["first", "second", undefined])] as const));
    this.#rooms = roomsOf(wanted, this.random.chance(0.3) ? " renamed" : "");
    const life = this.#life;
    const done = this.membership.changing(wanted);
    const apply = async (): Promise<void> => {
      // Where the disk is full the last one to apply is who applies again.
      while (
        !life.isDead &&
        !(await relay?.apply(this.#rooms).then(
          () => true,
          () => false,
        ))
      )
        await life.clock.sleep(500);
    };
    void apply().then(done);
  }

  #fillDisk(): void {
    const error = this.random.pick(storeErrors);
    const life = this.#life;
    life.storeError = error;
    this.clock.after(this.random.int(3000), () => {
      life.storeError = undefined;
    });
  }

  #kick(): void {
    const key = this.random.pick(movable);
    if (!key || this.#life.isDead || !this.membership.isActive(key)) return;
    this.membership.leave(key);
    this.channel(key)?.kick({ id: "kicked", severity: "refuse", says: "We were kicked.", cure: "Ask why." });
  }

  #resume(): void {
    for (const key of movable) {
      const channel = this.channel(key)?.channel;
      if (channel) void this.#relay?.resume(channelKey(channel)).catch(() => false);
    }
  }

  /** No more trouble: whatever was begun must come to its end. */
  async #settle(): Promise<void> {
    this.trouble.level = 0;
    this.#life.spare();
    for (let round = 0; round < 8; round += 1) {
      if (this.#life.isDead) await this.#begin();
      this.trouble.release();
      await this.clock.advance(150_000);
    }
    await this.#relay?.stop();
    await this.memory.open();
  }
}

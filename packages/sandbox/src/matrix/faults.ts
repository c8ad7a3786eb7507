import { Faults } from "../faults.ts";

/** What a Matrix homeserver can be told to do beyond the common faults. */
export class MatrixFaults extends Faults {
  /** At most this many events per room and /sync, whatever the client's filter says; the rest is a `limited` gap. */
  timelineLimit: number | undefined;
  /** So many accepted transactions are pushed once more, as if their answer had been lost. */
  repeatTransactions = 0;

  override clear(): void {
    super.clear();
    this.timelineLimit = undefined;
    this.repeatTransactions = 0;
  }
}

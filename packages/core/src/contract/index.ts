export { adapterContract, type TestFunction } from "./adapter-contract.ts";
export { createFakeNetwork, type FakeNetwork, type FakeNetworkOptions } from "./fake-network.ts";
export { createManualClock, type ManualClock, settled } from "./manual-clock.ts";
export type { ContractNetwork, Shown } from "./rig.ts";
export { type StoreSubject, storeContract } from "./store-contract.ts";

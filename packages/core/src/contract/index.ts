export { adapterContract, type ContractNetwork, type Shown, type TestFunction } from "./adapter-contract.ts";
export { createFakeNetwork, type FakeNetwork, type FakeNetworkOptions } from "./fake-network.ts";
export { type StoreSubject, storeContract } from "./store-contract.ts";

import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A way to a server on this machine that can be cut, as a network's failure cuts it for one client alone. */
export interface Gate {
  readonly url: string;
  /** Breaks what goes through, and lets nobody in. */
  close(): void;
  open(): void;
  stop(): Promise<void>;
}

/** Opens a gate to the server at `target`, on a free loopback port. */
export async function openGate(target: string): Promise<Gate> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let isOpen = true;
  const keep = (socket: Socket, peer: Socket): void => {
    sockets.add(socket);
    // Its peer's end is news enough.
    socket.on("error", () => {});
    socket.once("close", () => {
      sockets.delete(socket);
      peer.destroy();
    });
    socket.pipe(peer);
  };
  const server = createServer(client => {
    if (!isOpen) return void client.destroy();
    const upstream = connect(Number(port), hostname);
    keep(client, upstream);
    keep(upstream, client);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("the gate has no port");

  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () => {
      isOpen = false;
      cut();
    },
    open: () => {
      isOpen = true;
    },
    stop: async () => {
      const closed = once(server, "close");
      server.close();
      cut();
      await closed;
    },
  };
}

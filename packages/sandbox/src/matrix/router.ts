import type { Content } from "./event.ts";
import { MatrixError } from "./matrix-error.ts";
import type { Caller } from "./sessions.ts";

/** One request as a handler sees it. */
export interface Call {
  /** Without host and query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** A part of the path that the route names with a colon. */
  param(name: string): string;
  /** The JSON object sent, `{}` where there is none; throws M_NOT_JSON. */
  body(): Content;
  readonly bytes: Buffer;
  readonly contentType: string | undefined;
  readonly token: string | undefined;
  /** Who asks; throws where nobody known does. */
  caller(): Caller;
  /** Cuts the connection instead of answering. */
  cut(): void;
  /** Whether the client has hung up. */
  isGone(): boolean;
  onGone(callback: () => void): void;
  /** The answer's status, 200 unless set. */
  status: number;
}

/** What to answer: JSON, or bytes with their type. */
export type Answer = Content | readonly unknown[] | { readonly bytes: Buffer; readonly contentType: string };
export type Handler = (call: Call) => Answer | Promise<Answer>;

interface Node {
  readonly children: Map<string, Node>;
  parameter?: { readonly name: string; readonly node: Node };
  readonly handlers: Map<string, Handler>;
}

/** Finds the handler for a method and path in a tree of path segments. */
export class Router {
  readonly #root: Node = newNode();

  /** `route` is `METHOD /path`, where `:name` stands for one segment. */
  on(route: string, handler: Handler): void {
    const [method = "", path = ""] = route.split(" ");
    let node = this.#root;
    for (const segment of path.split("/").slice(1)) node = descend(node, segment);
    node.handlers.set(method, handler);
  }

  /** Throws M_UNRECOGNIZED where there is no such endpoint (404) or it has no such method (405). */
  find(method: string, path: string): { readonly handler: Handler; readonly params: ReadonlyMap<string, string> } {
    const params = new Map<string, string>();
    let node: Node | undefined = this.#root;
    for (const segment of normal(path).split("/").slice(1)) {
      const child: Node | undefined = node.children.get(segment);
      if (!child && node.parameter) params.set(node.parameter.name, decode(segment));
      node = child ?? node.parameter?.node;
      if (!node) break;
    }
    const handler = node?.handlers.get(method);
    if (!handler) throw new MatrixError(node?.handlers.size ? 405 : 404, "M_UNRECOGNIZED", "Unrecognized request");
    return { handler, params };
  }
}

function newNode(): Node {
  return { children: new Map(), handlers: new Map() };
}

function descend(node: Node, segment: string): Node {
  if (segment.startsWith(":")) {
    node.parameter ??= { name: segment.slice(1), node: newNode() };
    return node.parameter.node;
  }
  const child = node.children.get(segment) ?? newNode();
  node.children.set(segment, child);
  return child;
}

/** The retired version prefixes mean the same endpoints. */
function normal(path: string): string {
  return path.startsWith("/_matrix/client/r0/") ? path.replace("/r0/", "/v3/") : path;
}

function decode(segment: string): string {
  try {
    return segment.includes("%") ? decodeURIComponent(segment) : segment;
  } catch {
    throw new MatrixError(400, "M_UNRECOGNIZED", "Malformed path");
  }
}

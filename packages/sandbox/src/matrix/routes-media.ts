import { newHash } from "./ids.ts";
import { MatrixError, notFound } from "./matrix-error.ts";
import type { Call, Router } from "./router.ts";

const maxBytes = 52_428_800;

/** Not Matrix: pictures without a token, for a page that shows a place. */
export const openMediaPath = "/_sandbox/media";

export type Media = Map<string, { readonly bytes: Buffer; readonly contentType: string }>;

/** The content repository: uploads, and downloads that need a token. */
export function routeMedia(router: Router, serverName: string, media: Media): void {
  router.on("GET /_matrix/client/v1/media/config", call => {
    call.caller();
    return { "m.upload.size": maxBytes };
  });
  router.on("POST /_matrix/media/v3/upload", call => {
    call.caller();
    if (call.bytes.length > maxBytes) throw new MatrixError(413, "M_TOO_LARGE", "Upload request body is too large");
    const id = newHash();
    media.set(`mxc://${serverName}/${id}`, {
      bytes: call.bytes,
      contentType: call.contentType ?? "application/octet-stream",
    });
    return { content_uri: `mxc://${serverName}/${id}` };
  });
  const file = (call: Call) => {
    const found = media.get(`mxc://${call.param("server")}/${call.param("id")}`);
    if (!found) throw notFound("Not found");
    return found;
  };
  for (const what of ["download", "thumbnail"]) {
    router.on(`GET /_matrix/client/v1/media/${what}/:server/:id`, call => {
      call.caller();
      return file(call);
    });
  }
  router.on(`GET ${openMediaPath}/:server/:id`, file);
}

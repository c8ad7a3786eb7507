/** The path of a room in the client-server API, `rest` behind it. */
export function roomPath(room: string, rest: string): string {
  return `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/${rest}`;
}

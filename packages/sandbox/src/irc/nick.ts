/** The nick a bridge gives somebody from Matrix: what IRC allows of the name, and `[m]`; numbered where it is taken. */
export function bridgedNick(displayname: string, isTaken: (nick: string) => boolean): string {
  const allowed = displayname.replace(/[^A-Za-z0-9[\]\\`_^{|}-]/g, "");
  const start = /^[0-9-]|^$/.test(allowed) ? `M${allowed}` : allowed;
  let nick = `${start}[m]`;
  for (let n = 1; isTaken(nick); n += 1) nick = `${start}[m]${n}`;
  return nick;
}

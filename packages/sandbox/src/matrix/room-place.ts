import type { Person, Place, Said } from "../place.ts";
import { type Content, recordAt } from "./event.ts";
import type { Homeserver } from "./homeserver.ts";
import { plainText } from "./html.ts";
import { notFound } from "./matrix-error.ts";
import { join } from "./membership.ts";
import type { Room } from "./room.ts";
import { saidIn, type Viewer } from "./room-said.ts";

const knownTag = /<(b|strong|i|em|u|del|code|pre|blockquote|a|p|ul|ol|li|br)\b[^>]*>/i;

/** A room as the people in it use it; makes their accounts and brings them in. Markup is HTML, as in `formatted_body`. */
export function createRoomPlace(
  homeserver: Homeserver,
  room: Room,
  people: readonly Person[],
  pictureUrl: (mxc: string) => string,
): Place {
  for (const { id, name } of people) admit(homeserver, room, id, name);
  const viewer: Viewer = { isAutomated: user => homeserver.accounts.get(user)?.automated === true, pictureUrl };
  const send = (person: string, content: Content) =>
    homeserver.send(personIn(people, person).id, room, "m.room.message", content).event.event_id;

  return {
    name: String(room.state("m.room.name")?.["name"] ?? room.id),
    people,
    canEdit: true,
    said: () => {
      const all = room.timeline.map(stored => saidIn(room, stored, viewer));
      return all.filter((said): said is Said => said !== undefined);
    },
    say: async (person, text, options) => {
      const relation = options?.replyTo
        ? { "m.relates_to": { "m.in_reply_to": { event_id: options.replyTo }, ...threadOf(room, options.replyTo) } }
        : {};
      return send(person, { ...textContent(text), ...relation });
    },
    edit: async (person, id, text) => {
      requireOwn(room, personIn(people, person), id);
      const content = textContent(text);
      send(person, {
        ...content,
        body: `* ${content["body"]}`,
        "m.new_content": content,
        "m.relates_to": { rel_type: "m.replace", event_id: id },
      });
    },
    remove: async (person, id) => {
      homeserver.redact(personIn(people, person).id, room, id, undefined);
    },
    watch: changed => homeserver.listen((_, where) => where === room && changed()),
  };
}

/** Registers somebody and brings them into the room, invited by its creator where it is not public. */
function admit(homeserver: Homeserver, room: Room, user: string, name: string): void {
  homeserver.register(user, { displayname: name });
  const rule = room.state("m.room.join_rules")?.["join_rule"];
  const creator = room.stateEvent("m.room.create")?.event.sender;
  if (rule !== "public" && creator && !room.joined.has(user)) homeserver.appendMember(room, creator, user, "invite");
  join(homeserver, user, room);
}

function personIn(people: readonly Person[], id: string): Person {
  const person = people.find(one => one.id === id);
  if (!person) throw notFound(`No ${id} speaks here`);
  return person;
}

function requireOwn(room: Room, person: Person, id: string): void {
  const event = room.find(id)?.event;
  if (!event) throw notFound("Event not found.");
  if (event.sender !== person.id) throw new Error(`${id} is not ${person.name}'s message`);
}

function textContent(text: string): Content {
  const content = { msgtype: "m.text", "m.mentions": {} };
  if (!knownTag.test(text)) return { ...content, body: text };
  return { ...content, body: plainText(text), format: "org.matrix.custom.html", formatted_body: text };
}

/** An answer to a message of a thread stays in the thread. */
function threadOf(room: Room, eventId: string): Content {
  const relation = recordAt(room.find(eventId)?.event.content, "m.relates_to");
  if (relation["rel_type"] !== "m.thread") return {};
  return { rel_type: "m.thread", event_id: relation["event_id"], is_falling_back: false };
}

import { createRoom, type RoomOptions } from "./create-room.ts";
import { type Content, isRecord, stringAt } from "./event.ts";
import type { Homeserver } from "./homeserver.ts";
import type { Limits } from "./limits.ts";
import { forbidden, notFound } from "./matrix-error.ts";
import { changeMembership, expel, invite, join, leave } from "./membership.ts";
import type { Room } from "./room.ts";
import type { Call, Router } from "./router.ts";
import { view } from "./view.ts";

const v3 = "/_matrix/client/v3";

/** Rooms as such: making and finding them, who is in them, their state. */
export function routeRooms(router: Router, homeserver: Homeserver, limits: Limits): void {
  router.on(`POST ${v3}/createRoom`, call => {
    const { account } = call.caller();
    limits.check("createRoom", call.caller());
    return { room_id: createRoom(homeserver, account.id, roomOptions(call.body())).id };
  });
  router.on(`GET ${v3}/directory/room/:alias`, call => {
    const room = homeserver.room(call.param("alias"));
    return { room_id: room.id, servers: [homeserver.serverName] };
  });
  router.on("GET /_matrix/client/v1/room_summary/:room", call => {
    call.caller();
    return summary(homeserver.room(call.param("room")));
  });
  routeMemberships(router, homeserver, limits);
  routeMembers(router, homeserver);
  routeState(router, homeserver, limits);
}

function roomOptions(body: Content): RoomOptions {
  const { preset, visibility, invite: invited, initial_state: state } = body;
  const open = preset === "public_chat" || (preset === undefined && visibility === "public");
  const name = stringAt(body, "name");
  const topic = stringAt(body, "topic");
  const aliasLocalpart = stringAt(body, "room_alias_name");
  const { power_level_content_override: powerLevels, creation_content: creationContent } = body;
  return {
    preset: open ? "public_chat" : "private_chat",
    invite: Array.isArray(invited) ? invited.filter(user => typeof user === "string") : [],
    initialState: (Array.isArray(state) ? state.filter(isRecord) : []).map(event => ({
      type: stringAt(event, "type") ?? "",
      stateKey: stringAt(event, "state_key") ?? "",
      content: isRecord(event["content"]) ? event["content"] : {},
    })),
    ...(name === undefined ? {} : { name }),
    ...(topic === undefined ? {} : { topic }),
    ...(aliasLocalpart === undefined ? {} : { aliasLocalpart }),
    ...(isRecord(powerLevels) ? { powerLevels } : {}),
    ...(isRecord(creationContent) ? { creationContent } : {}),
  };
}

/** What anybody may know of a public room without joining it. */
function summary(room: Room): Content {
  const rule = room.state("m.room.join_rules")?.["join_rule"];
  if (rule !== "public") throw notFound("Room is not accessible");
  return {
    room_id: room.id,
    name: room.state("m.room.name")?.["name"],
    canonical_alias: room.state("m.room.canonical_alias")?.["alias"],
    num_joined_members: room.joined.size,
    join_rule: rule,
    world_readable: false,
    guest_can_join: false,
  };
}

function routeMemberships(router: Router, homeserver: Homeserver, limits: Limits): void {
  const enter = (call: Call): Content => {
    const caller = call.caller();
    const room = homeserver.room(call.param("room"));
    limits.check("join", caller);
    const { membership: _, third_party_signed: __, ...extra } = call.body();
    join(homeserver, caller.account.id, room, extra);
    return { room_id: room.id };
  };
  router.on(`POST ${v3}/join/:room`, enter);
  router.on(`POST ${v3}/rooms/:room/join`, enter);
  router.on(`POST ${v3}/rooms/:room/leave`, call => {
    leave(homeserver, call.caller().account.id, homeserver.room(call.param("room")), stringAt(call.body(), "reason"));
    return {};
  });
  router.on(`POST ${v3}/rooms/:room/forget`, call => {
    const { account } = call.caller();
    if (account.rooms.get(call.param("room"))?.membership === "join") throw forbidden("User is in room");
    account.rooms.delete(call.param("room"));
    return {};
  });
  router.on(`POST ${v3}/rooms/:room/invite`, call => {
    const user = stringAt(call.body(), "user_id") ?? "";
    const caller = call.caller();
    limits.check("invite", caller, user);
    invite(homeserver, caller.account.id, homeserver.room(call.param("room")), user);
    return {};
  });
  for (const how of ["kick", "ban", "unban"] as const) {
    router.on(`POST ${v3}/rooms/:room/${how}`, call => {
      const user = stringAt(call.body(), "user_id") ?? "";
      const reason = stringAt(call.body(), "reason");
      expel(homeserver, call.caller().account.id, homeserver.room(call.param("room")), user, how, reason);
      return {};
    });
  }
}

function routeMembers(router: Router, homeserver: Homeserver): void {
  router.on(`GET ${v3}/joined_rooms`, call => {
    const rooms = [...call.caller().account.rooms];
    return { joined_rooms: rooms.filter(([, { membership }]) => membership === "join").map(([id]) => id) };
  });
  router.on(`GET ${v3}/rooms/:room/joined_members`, call => {
    const room = entered(call, homeserver);
    const joined: Record<string, Content> = {};
    for (const user of room.joined) {
      const { displayname, avatar_url } = room.state("m.room.member", user) ?? {};
      joined[user] = { display_name: displayname, avatar_url };
    }
    return { joined };
  });
  router.on(`GET ${v3}/rooms/:room/members`, call => {
    const room = entered(call, homeserver);
    const wanted = call.query.get("membership");
    const members = room.allState().filter(({ event }) => event.type === "m.room.member");
    return {
      chunk: members
        .filter(({ event }) => wanted === null || event.content["membership"] === wanted)
        .map(stored => view(room, stored, call.caller())),
    };
  });
}

function routeState(router: Router, homeserver: Homeserver, limits: Limits): void {
  router.on(`GET ${v3}/rooms/:room/state`, call => {
    const room = entered(call, homeserver);
    return room.allState().map(stored => view(room, stored, call.caller()));
  });
  for (const key of ["", "/:key"]) {
    router.on(`GET ${v3}/rooms/:room/state/:type${key}`, call => {
      const content = entered(call, homeserver).state(call.param("type"), call.param("key"));
      if (!content) throw notFound("Event not found.");
      return content;
    });
    router.on(`PUT ${v3}/rooms/:room/state/:type${key}`, call => setState(call, homeserver, limits));
  }
}

function setState(call: Call, homeserver: Homeserver, limits: Limits): Content {
  const caller = call.caller();
  const user = caller.account.id;
  const room = homeserver.room(call.param("room"));
  const [type, stateKey] = [call.param("type"), call.param("key")];
  limits.check("message", caller);
  if (type === "m.room.member") {
    changeMembership(homeserver, user, room, stateKey, call.body());
    return { event_id: room.stateEvent(type, stateKey)?.event.event_id };
  }
  return { event_id: homeserver.send(user, room, type, call.body(), { stateKey }).event.event_id };
}

/** The room, if the caller is in it. */
function entered(call: Call, homeserver: Homeserver): Room {
  const { account } = call.caller();
  const room = homeserver.room(call.param("room"));
  if (!room.joined.has(account.id))
    throw forbidden(`User ${account.id} not in room ${room.id}, and room previews are disabled`);
  return room;
}

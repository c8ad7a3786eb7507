import { Hono } from "hono";
import { z } from "zod";
import type { Place } from "../place.ts";
import type { Follower } from "./journey.ts";
import type { Change } from "./wire.ts";

const spot = z.object({ place: z.string(), person: z.string() });
const say = spot.extend({ text: z.string().min(1), replyTo: z.string().optional() });
const edit = spot.extend({ id: z.string(), text: z.string().min(1) });
const remove = spot.extend({ id: z.string() });

/** What people do in the windows. A network's refusal is answered with 409 and its words. */
export function createActions(places: ReadonlyMap<string, Place>, follower: Follower): Hono {
  const app = new Hono();
  const begin = (change: Change, place: Place, person: string, text: string): void => {
    const author = place.people.find(({ id }) => id === person)?.name ?? person;
    follower.acted({ change, place: place.name, author, text, at: performance.now() });
  };
  const placeOf = (name: string): Place => {
    const place = places.get(name);
    if (!place) throw new Error(`there is no place ${name}`);
    return place;
  };

  app.post("/say", async c => {
    const { place: name, person, text, replyTo } = say.parse(await c.req.json());
    const place = placeOf(name);
    begin("created", place, person, text);
    return c.json({ id: await place.say(person, text, replyTo === undefined ? {} : { replyTo }) }, 201);
  });
  app.post("/edit", async c => {
    const { place: name, person, id, text } = edit.parse(await c.req.json());
    const place = placeOf(name);
    if (place.canEdit) begin("edited", place, person, text);
    await place.edit(person, id, text);
    return c.body(null, 204);
  });
  app.post("/remove", async c => {
    const { place: name, person, id } = remove.parse(await c.req.json());
    const place = placeOf(name);
    const text = place.said().find(said => said.id === id)?.text ?? "";
    if (place.canEdit) begin("deleted", place, person, text);
    await place.remove(person, id);
    return c.body(null, 204);
  });
  app.onError((error, c) => {
    if (error instanceof z.ZodError) return c.json({ error: z.prettifyError(error) }, 400);
    if (error instanceof SyntaxError) return c.json({ error: "the body is no JSON" }, 400);
    return c.json({ error: error.message }, 409);
  });
  return app;
}

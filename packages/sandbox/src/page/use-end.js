import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { newestOf } from "./state.js";

/** @import { Said } from "../place.ts" */

/** So near to the end counts as being there. */
const END_PX = 48;

/**
 * Keeps the log at its end, or counts what is missed by whoever scrolled away from it.
 * @param {{ current: HTMLElement | null }} log
 * @param {readonly Said[]} said
 */
export function useEnd(log, said) {
  const isAtEnd = useRef(true);
  const top = useRef(0);
  const seenUntil = useRef(newestOf(said));
  const missed = useSignal(0);
  const jump = () => log.current?.scrollTo({ top: log.current.scrollHeight });
  useEffect(() => {
    const element = log.current;
    if (!element) return;
    const observer = new ResizeObserver(() => isAtEnd.current && jump());
    observer.observe(element);
    for (const child of element.children) observer.observe(child);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (isAtEnd.current) seenUntil.current = newestOf(said);
    else missed.value = said.filter(({ at }) => at > seenUntil.current).length;
  }, [said]);
  const onScroll = () => {
    const element = log.current;
    if (!element) return;
    // What grows at the end moves it away without anybody scrolling.
    const isUp = element.scrollTop < top.current;
    top.current = element.scrollTop;
    const isNear = element.scrollHeight - element.scrollTop - element.clientHeight < END_PX;
    isAtEnd.current = isNear || (isAtEnd.current && !isUp);
    if (!isAtEnd.current) return;
    seenUntil.current = newestOf(said);
    missed.value = 0;
  };
  return { missed, onScroll, jump };
}

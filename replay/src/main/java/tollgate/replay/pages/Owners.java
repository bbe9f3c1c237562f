package tollgate.replay.pages;

import java.util.Arrays;
import tollgate.replay.Steps;

/**
 * Whose memory is whose: numbers processes (or tasks) in the order in which they appear, and gives a new one the memory of the one
 * that ended last, as the page allocator and slab hand out what was freed last first (per-CPU lists, mm/page_alloc.c and
 * mm/slub.c). So a machine on which processes come and go does not touch ever new pages.
 */
final class Owners {
    private static final int NONE = -1;

    /** By the caller's number; grows with the highest, as the timeline's own tables do. */
    private int[] places = {};

    private int[] free = new int[16];
    private int freed;
    private int used;

    /** @param number not negative; {@link Steps#NO_MM} stays */
    int of(int number) {
        if (number >= places.length) {
            if (number == Steps.NO_MM) {
                return number;
            }
            int old = places.length;
            places = Arrays.copyOf(places, Math.max(64, Math.max(number + 1, old * 2)));
            Arrays.fill(places, old, places.length, NONE);
        }
        if (places[number] == NONE) {
            places[number] = freed > 0 ? free[--freed] : used++;
        }
        return places[number];
    }

    /** Its memory is the next newcomer's. */
    void end(int number) {
        if (number < places.length && places[number] != NONE) {
            if (freed == free.length) {
                free = Arrays.copyOf(free, freed * 2);
            }
            free[freed++] = places[number];
            places[number] = NONE;
        }
    }
}

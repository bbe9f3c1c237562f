package tollgate.replay.pages;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tollgate.replay.Cause;

/**
 * The measured system calls of each family by their length. How long a call ran says more of its pages than its number
 * does once no measured call of that number was of like length: fcntl that reads a flag is a hundred instructions and
 * fcntl that takes a lock is thousands, and calls of one family that do as much touch about as many pages.
 */
final class Lengths {
    private final Footprints footprints;
    /** By family and variant: templates in the order of their instructions. */
    private final int[][] templates;
    /** By template: the program it is of. */
    private final byte[] program;

    Lengths(Footprints footprints) {
        this.footprints = footprints;
        program = new byte[footprints.templateInstructions.length];
        List<List<Integer>> sorted = new ArrayList<>();
        for (int i = 0; i < EventFamily.values().length * PageStream.VARIANTS; i++) {
            sorted.add(new ArrayList<>());
        }
        for (int pool = 0; pool < footprints.poolKey.length; pool++) {
            int cause = FootprintFormat.cause(footprints.poolKey[pool]);
            if (Cause.family(cause) == Cause.Family.SYSCALL) {
                int variant = (int) footprints.poolKey[pool] & PageStream.VARIANTS - 1;
                List<Integer> list = sorted.get(at(EventFamily.ofCause(cause), variant));
                for (int row = footprints.poolRow[pool]; row < footprints.poolRow[pool + 1]; row++) {
                    for (int t = footprints.rowTemplate[row]; t < footprints.rowTemplate[row + 1]; t++) {
                        program[t] = (byte) footprints.rowProgram[row];
                        list.add(t);
                    }
                }
            }
        }
        templates = new int[sorted.size()][];
        for (int i = 0; i < templates.length; i++) {
            templates[i] = sorted.get(i).stream()
                    .sorted(Comparator.comparingInt((Integer t) -> footprints.templateInstructions[t]))
                    .mapToInt(Integer::intValue)
                    .toArray();
        }
    }

    /**
     * A call of the family about as long.
     *
     * @param excluded programs left out, as bits
     * @param rank which of the nearest, from 0; the last if there are no more
     * @return a template, or -1 when the family has none of a length within a factor of {@link PageStream#LIKE}
     */
    int nearest(EventFamily family, int variant, long instructions, long excluded, int rank) {
        int[] all = templates[at(family, variant)];
        int above = firstAtLeast(all, instructions);
        int below = above - 1;
        int found = -1;
        for (int more = rank; more >= 0; ) {
            boolean hasBelow = below >= 0 && isLike(length(all[below]), instructions);
            boolean hasAbove = above < all.length && isLike(length(all[above]), instructions);
            if (!hasBelow && !hasAbove) {
                return found;
            }
            boolean up =
                    !hasBelow || hasAbove && length(all[above]) - instructions <= instructions - length(all[below]);
            int template = up ? all[above++] : all[below--];
            if ((excluded >>> program[template] & 1) == 0) {
                found = template;
                more--;
            }
        }
        return found;
    }

    static boolean isLike(long measured, long instructions) {
        return measured <= PageStream.LIKE * instructions && instructions <= PageStream.LIKE * measured;
    }

    private int firstAtLeast(int[] all, long instructions) {
        int low = 0;
        int high = all.length;
        while (low < high) {
            int middle = low + high >>> 1;
            if (length(all[middle]) < instructions) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private long length(int template) {
        return footprints.templateInstructions[template];
    }

    private static int at(EventFamily family, int variant) {
        return family.ordinal() * PageStream.VARIANTS + variant;
    }
}

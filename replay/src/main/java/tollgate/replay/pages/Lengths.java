package tollgate.replay.pages;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import tollgate.replay.Cause;

/**
 * The measured system calls of each family by their length. How long a call ran says more of its pages than its number
 * does once no measured call of that number was of like length: fcntl that reads a flag is a hundred instructions and
 * fcntl that takes a lock is thousands, and calls of one family that do as much touch about as many pages.
 */
final class Lengths {
    /**
     * A measured call within this factor of the recorded length is like it. Loops of the footprints, each left out in turn
     * and drawn from the others: pages are off by 0.17 (mean of |ln|) at 2, by 0.18 at 1.5, 3 and 4, by 0.20 at 6 and by 0.25
     * without a limit.
     */
    static final int LIKE = 2;

    /** By family and variant: templates in the order of their lengths. */
    private final int[][] templates;
    /** Lengths of these. */
    private final int[][] lengths;
    /** By template: the program it is of. */
    private final byte[] program;

    Lengths(Footprints footprints) {
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
        lengths = new int[sorted.size()][];
        for (int i = 0; i < templates.length; i++) {
            templates[i] = sorted.get(i).stream()
                    .sorted(Comparator.comparingInt((Integer t) -> footprints.templateInstructions[t]))
                    .mapToInt(Integer::intValue)
                    .toArray();
            lengths[i] = Arrays.stream(templates[i])
                    .map(t -> footprints.templateInstructions[t])
                    .toArray();
        }
    }

    /**
     * A call of the family about as long.
     *
     * @param excluded programs left out, as bits
     * @param rank which of the nearest, from 0; the last if there are no more
     * @return a template, or -1 when the family has none of a length within a factor of {@value #LIKE}
     */
    int nearest(EventFamily family, int variant, long instructions, long excluded, int rank) {
        int[] length = lengths[at(family, variant)];
        int[] template = templates[at(family, variant)];
        int above = firstAtLeast(length, 0, length.length, instructions);
        int below = above - 1;
        int found = -1;
        for (int more = rank; more >= 0; ) {
            boolean hasBelow = below >= 0 && isLike(length[below], instructions);
            boolean hasAbove = above < length.length && isLike(length[above], instructions);
            if (!hasBelow && !hasAbove) {
                return found;
            }
            boolean up = !hasBelow || hasAbove && length[above] - instructions <= instructions - length[below];
            int next = template[up ? above++ : below--];
            if ((excluded >>> program[next] & 1) == 0) {
                found = next;
                more--;
            }
        }
        return found;
    }

    /** Whether one of some ascending lengths is like this one. */
    static boolean hasLike(int[] lengths, int from, int to, long instructions) {
        int above = firstAtLeast(lengths, from, to, instructions);
        return above < to && isLike(lengths[above], instructions)
                || above > from && isLike(lengths[above - 1], instructions);
    }

    static boolean isLike(long measured, long instructions) {
        return measured <= LIKE * instructions && instructions <= LIKE * measured;
    }

    /** Of ascending lengths the first that is at least this; {@code to} if there is none. */
    static int firstAtLeast(int[] lengths, int from, int to, long instructions) {
        int low = from;
        int high = to;
        while (low < high) {
            int middle = low + high >>> 1;
            if (lengths[middle] < instructions) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static int at(EventFamily family, int variant) {
        return family.ordinal() * PageStream.VARIANTS + variant;
    }
}

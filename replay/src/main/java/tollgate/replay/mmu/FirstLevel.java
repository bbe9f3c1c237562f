package tollgate.replay.mmu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where in the first-level TLBs of a geometry a page goes, for those who reason about what must hit. All sets of all
 * arrays are numbered together from 1, and each array has one number more, for the whole of it. Number 0 is where pages go
 * that the first level does not serve.
 */
public final class FirstLevel {
    private final LruTable[] ports;
    /** By port: number of its array's first set, number of the whole array, and whether sets repeat with the page number. */
    private final int[] firstSet = new int[Mmu.TYPES * Mmu.SIZES];

    private final int[] whole = new int[firstSet.length];
    private final boolean[] isPeriodic = new boolean[firstSet.length];
    /** By number of a set; 0 for a whole array. */
    private final int[] waysOf;

    public FirstLevel(Geometry geometry) {
        List<LruTable> arrays = new ArrayList<>();
        ports = Tables.byTypeAndSize(geometry.first(), new Tags(2, () -> {}), arrays);
        int[] start = new int[arrays.size()];
        waysOf = new int[1 + arrays.stream().mapToInt(array -> array.sets() + 1).sum()];
        for (int i = 0, next = 1; i < start.length; i++) {
            start[i] = next;
            next += arrays.get(i).sets() + 1;
            Arrays.fill(waysOf, start[i], next - 1, arrays.get(i).ways());
        }
        for (int port = 0; port < ports.length; port++) {
            for (int i = 0; i < start.length; i++) {
                if (ports[port].isPartOf(arrays.get(i))) {
                    firstSet[port] = start[i] + ports[port].firstSet();
                    whole[port] = start[i] + arrays.get(i).sets();
                }
            }
            isPeriodic[port] = ports[port].isPeriodic();
        }
    }

    /** How many numbers {@link #set} and {@link #whole} give out, from 0. */
    public int numbers() {
        return waysOf.length;
    }

    /** Entries of the set with this number. */
    int waysOf(int set) {
        return waysOf[set];
    }

    /** Entries of a set for accesses of this type to pages of this size; 0 if the first level does not serve them. */
    public int ways(int type, int size) {
        return ports[port(type, size)].ways();
    }

    /** @param number page number in units of its own size, not negative */
    public int set(int type, int size, long number) {
        int port = port(type, size);
        return firstSet[port] + ports[port].set(number);
    }

    /** The array that serves these pages, as if it were one set. */
    public int whole(int type, int size) {
        return whole[port(type, size)];
    }

    /** Whether pages whose numbers differ by a multiple of this power of two share a set. */
    public boolean isPeriodic(int type, int size, long period) {
        int port = port(type, size);
        return isPeriodic[port] && period % Math.max(1, ports[port].sets()) == 0;
    }

    private static int port(int type, int size) {
        return type * Mmu.SIZES + size;
    }
}

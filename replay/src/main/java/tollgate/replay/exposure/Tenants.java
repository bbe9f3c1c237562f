package tollgate.replay.exposure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How long each space was live while each tenant ran, all CPUs together. The first {@link #MOST} tenants have a row each,
 * all later ones share one.
 */
public final class Tenants {
    public static final int MOST = 64;

    /** Name of the row of kernel threads. */
    public static final String KERNEL = Neighbours.KERNEL_NAME;

    private final Neighbours neighbours;
    private final int spaces;
    private final int[] tenants = new int[MOST + 1];
    private final long[] nanos;
    private int size;
    private int last;

    Tenants(Neighbours neighbours, int spaces) {
        this.neighbours = neighbours;
        this.spaces = spaces;
        nanos = new long[(MOST + 1) * spaces];
    }

    void pass(int tenant, int space, long time) {
        if (last >= size || tenants[last] != tenant) {
            last = row(tenant);
        }
        nanos[last * spaces + space] += time;
    }

    private int row(int tenant) {
        for (int i = 0; i < size; i++) {
            if (tenants[i] == tenant) {
                return i;
            }
        }
        if (size == MOST) {
            return MOST;
        }
        tenants[size] = tenant;
        return size++;
    }

    /** @param name as in the sidecar, or "namespace 2", "process 17", "the kernel", "others" */
    public record Row(String name, long[] nanosBySpace) {}

    /** In the order in which they first ran. */
    public List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i <= MOST; i++) {
            long[] bySpace = Arrays.copyOfRange(nanos, i * spaces, (i + 1) * spaces);
            if (i < size || Arrays.stream(bySpace).anyMatch(time -> time != 0)) {
                rows.add(new Row(i < MOST ? neighbours.name(tenants[i]) : "others", bySpace));
            }
        }
        return rows;
    }
}

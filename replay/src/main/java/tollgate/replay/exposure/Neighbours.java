package tollgate.replay.exposure;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import tollgate.ingest.Sidecar;
import tollgate.ingest.Tenant;

/**
 * Which CPUs share a core, and who distrusts whom.
 *
 * <p>A tenant is a number: one that the sidecar names, else a network namespace other than the initial one, else a
 * process. Recordings do not tell users. Each distrusts all others, but for what the sidecar says. A guest is a viewer
 * of its own: it trusts the VMM that runs it, which does not trust it.
 */
public final class Neighbours {
    /** No siblings known, nobody named. */
    public static final Neighbours NONE = new Neighbours(List.of(), List.of(), new boolean[1][1]);

    /** The kernel's own threads and idle: they look at nothing, and what they use is nobody's. */
    static final int KERNEL = 0;

    static final String KERNEL_NAME = "the kernel";

    /** Several of them, none in particular. */
    static final int SEVERAL = Integer.MAX_VALUE;

    private static final int NAMED = 1 << 30;
    private static final int NAMESPACE = 1 << 29;
    private static final int GUEST = 1 << 31;

    private final List<List<Integer>> cores;
    private final List<String> names;
    /** [owner][viewer] by number of named tenants, from 1. */
    private final boolean[][] trusts;

    private Neighbours(List<List<Integer>> cores, List<String> names, boolean[][] trusts) {
        this.cores = cores;
        this.names = names;
        this.trusts = trusts;
    }

    public static Neighbours of(Sidecar sidecar) {
        List<Tenant> tenants = new ArrayList<>(new TreeMap<>(sidecar.tenants()).values());
        boolean[][] trusts = new boolean[tenants.size() + 1][tenants.size() + 1];
        for (int owner = 1; owner < trusts.length; owner++) {
            for (int viewer = 1; viewer < trusts.length; viewer++) {
                Tenant other = tenants.get(viewer - 1);
                trusts[owner][viewer] = !tenants.get(owner - 1).distrusts().contains(other.name());
            }
        }
        return new Neighbours(
                sidecar.siblings(), tenants.stream().map(Tenant::name).toList(), trusts);
    }

    /** CPUs of each core that has more than one. */
    public List<List<Integer>> cores() {
        return cores;
    }

    /** Of the tenants that the sidecar names, in the order of their numbers, which begin with 1. */
    public List<String> names() {
        return names;
    }

    /** The tenant of a task. @param named its number if the sidecar names it, else 0 */
    static int tenant(int named, int namespace, int mm, int noMm) {
        return named > 0 ? NAMED | named : mm == noMm ? KERNEL : namespace > 0 ? NAMESPACE | namespace : mm + 1;
    }

    static int guestOf(int tenant) {
        return tenant | GUEST;
    }

    static boolean isGuest(int tenant) {
        return (tenant & GUEST) != 0;
    }

    /** Whose it is when both left it: a tenant's if it and its guests did. */
    static int together(int one, int other) {
        return one == other ? one : (one & ~GUEST) == (other & ~GUEST) ? one & ~GUEST : SEVERAL;
    }

    /** In words: "shop", "namespace 2", "process 17", "the kernel". */
    String name(int tenant) {
        int number = tenant & ~(GUEST | NAMED | NAMESPACE);
        return (tenant & GUEST) != 0
                ? "guest of " + name(tenant & ~GUEST)
                : (tenant & NAMED) != 0
                        ? names.get(number - 1)
                        : (tenant & NAMESPACE) != 0
                                ? "namespace " + number
                                : number == KERNEL ? KERNEL_NAME : "process " + number;
    }

    /**
     * How the untrusted code of one tenant stands to what is another's.
     *
     * @param viewer a tenant or a guest of one
     * @param owner a tenant, a guest of one, {@link #KERNEL} or {@link #SEVERAL}
     */
    Viewer viewer(int viewer, int owner) {
        boolean isGuest = (viewer & GUEST) != 0;
        if (owner != KERNEL && owner != SEVERAL && trusts(owner & ~GUEST, viewer & ~GUEST)) {
            return isGuest ? Viewer.OWN_GUEST : Viewer.OWNER;
        }
        return isGuest ? Viewer.OTHER_GUEST : Viewer.OTHER;
    }

    private boolean trusts(int owner, int viewer) {
        return owner == viewer || (owner & viewer & NAMED) != 0 && trusts[owner & ~NAMED][viewer & ~NAMED];
    }
}

package tollgate.replay.pages;

import tollgate.replay.Access;
import tollgate.replay.MemoryClass;
import tollgate.replay.Region;
import tollgate.replay.Steps;

/**
 * Pages of user-mode stretches: W(d) distinct ones, drawn by the measured popularity of ranks, so that a process touches
 * its popular pages again and again, as the streams show. All processes have the same addresses, each its own tag. No more pages than
 * the largest measured program had (about 1300), whatever the scale.
 */
final class UserPages {
    /**
     * Where text of the program, heap, text of libraries and stack begin. Even ranks are code: of the pages of a stretch
     * 43 % are (redis), 54 % (mixed), 61 % (sqlite; syscall_footprints.csv, user_interval).
     */
    private static final long[] AREAS = {0x400, 0x1_0000, 0x7_f000_0000L, 0x7_ffff_0000L};

    private final UserModel[] models;
    private final double pagesPerFault;
    private final UserParameters parameters;
    private final long seed;
    /** Running sum of a model's weights. */
    private final long[][] cumulated;

    /** By rank: the stretch that touched it last. */
    private final int[] stamp;

    private int serial;

    UserPages(Footprints footprints, UserParameters parameters, long seed) {
        this.models = footprints.models;
        this.pagesPerFault = footprints.pagesPerFault;
        this.parameters = parameters;
        this.seed = seed;
        this.cumulated = new long[models.length][];
        int most = 0;
        for (int i = 0; i < models.length; i++) {
            long[] weights = models[i].weights;
            cumulated[i] = new long[weights.length];
            most = Math.max(most, weights.length);
            long sum = 0;
            for (int rank = 0; rank < weights.length; rank++) {
                cumulated[i][rank] = sum += weights[rank];
            }
        }
        this.stamp = new int[most];
    }

    /** User page of a rank: spread over the areas of an address space, the same for all processes (each has its own tag). */
    long page(int rank) {
        int limited = Math.min(rank, parameters.memoryPages() - 1);
        return AREAS[limited & 3] + (limited >>> 2);
    }

    /** @param faults of the process since it began, {@link Residents#UNKNOWN} if not known */
    void draw(Steps out, long nanos, long position, int faults, int preferred, long excluded) {
        double instructions = nanos * parameters.instructionsPerNano();
        int model = model(instructions, position, preferred, excluded);
        if (model < 0) {
            return;
        }
        double wanted = parameters.scale() * models[model].distinct(instructions);
        int resident = Integer.MAX_VALUE;
        if (faults != Residents.UNKNOWN) {
            double has = Math.max(1, pagesPerFault * faults);
            wanted = UserModel.limited(wanted, has);
            resident = (int) Math.ceil(has);
        }
        long random = Draw.mix(seed ^ 6, position);
        int pages = (int) wanted + (Draw.unit(random) < wanted - (int) wanted ? 1 : 0);
        int ranks = Math.min(cumulated[model].length, Math.min(resident, parameters.memoryPages()));
        pages = Math.max(1, Math.min(pages, ranks));
        long total = cumulated[model][ranks - 1];
        serial++;
        int rank = 0;
        for (int i = 0; i < pages; i++) {
            random = Draw.mix(random + 0x9e3779b97f4a7c15L);
            rank = rank(cumulated[model], (long) (Draw.unit(random) * total));
            for (int tries = 0; stamp[rank] == serial && tries < ranks; tries++) {
                rank = rank + 1 == ranks ? 0 : rank + 1; // taken: the next less popular
            }
            stamp[rank] = serial;
            int type = (rank & 1) == 0 ? Access.FETCH : (random & 3) == 0 ? Access.STORE : Access.LOAD;
            out.access(Access.of(page(rank), MemoryClass.U_CUR, Region.USER, type));
        }
    }

    /**
     * Stretches are mixed of all programs alike, as kernel events are; ranks mean the same in each. A stretch longer than
     * a program's curve is one of a program whose curve goes on, if there is one.
     */
    private int model(double instructions, long position, int preferred, long excluded) {
        if (preferred >= 0 && isUsable(preferred, 0, excluded)) {
            return preferred;
        }
        double length = usable(instructions, excluded) > 0 ? instructions : 0;
        int usable = usable(length, excluded);
        if (usable == 0) {
            return -1;
        }
        int wanted = Draw.below(Draw.mix(seed ^ 7, position), usable);
        for (int i = 0; ; i++) {
            if (isUsable(i, length, excluded) && wanted-- == 0) {
                return i;
            }
        }
    }

    private int usable(double instructions, long excluded) {
        int usable = 0;
        for (int i = 0; i < models.length; i++) {
            usable += isUsable(i, instructions, excluded) ? 1 : 0;
        }
        return usable;
    }

    private boolean isUsable(int model, double instructions, long excluded) {
        return !models[model].isEmpty() && (excluded >>> model & 1) == 0 && models[model].reaches(instructions);
    }

    private static int rank(long[] cumulated, long at) {
        int low = 0;
        int high = cumulated.length - 1;
        while (low < high) {
            int middle = low + high >>> 1;
            if (cumulated[middle] > at) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}

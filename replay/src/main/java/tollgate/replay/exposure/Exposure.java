package tollgate.replay.exposure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tollgate.replay.Contradiction;
import tollgate.replay.Steps;

/**
 * The exposure meter of one lane. The lane drives one {@link Watch} a hardware thread; what comes out is nanoseconds by
 * space in two {@link Account}s.
 *
 * <p>Numbers of spaces, for a strategy with n: 0 is the full space, 1 to n-1 the strategy's others as in its list, n the
 * guest's own memory, and n+s a stretch that began in space s (from 1) and may have been left for the full space anywhere
 * in it.
 *
 * <p>Source of the metrics: the literature named in {@code ExposureMetric}'s definitions; arithmetic is checked at the end
 * of each replay.
 */
public final class Exposure {
    public static final int FULL = 0;

    private final String strategy;
    private final int strategySpaces;
    private final Neighbours neighbours;
    private final Siblings siblings;
    private final Account workload;
    private final Account rest;
    private final Tenants tenants;
    private final List<Core> cores = new ArrayList<>();
    private final int[][] coreAndThreadOfCpu;
    private Watch[] watches = new Watch[8];
    private long end = Long.MIN_VALUE;

    /**
     * @param strategy for messages
     * @param spaces how many it has, the kernel's among them
     * @param siblings what it lets run side by side
     */
    public Exposure(String strategy, int spaces, Siblings siblings, Neighbours neighbours) {
        if (2 * spaces > HandOvers.SPACES) {
            throw new IllegalArgumentException(strategy + ": has " + spaces
                    + " address spaces; the exposure meter knows at" + " most " + HandOvers.SPACES / 2);
        }
        this.strategy = strategy;
        this.neighbours = neighbours;
        this.siblings = siblings;
        strategySpaces = spaces;
        workload = new Account(spaces());
        rest = new Account(spaces());
        tenants = new Tenants(neighbours, spaces());
        int cpus = neighbours.cores().stream()
                .flatMap(List::stream)
                .mapToInt(cpu -> cpu + 1)
                .max()
                .orElse(0);
        coreAndThreadOfCpu = new int[cpus][];
        for (List<Integer> core : neighbours.cores()) {
            if (core.size() > 1) {
                for (int thread = 0; thread < core.size(); thread++) {
                    coreAndThreadOfCpu[core.get(thread)] = new int[] {cores.size(), thread};
                }
                cores.add(new Core(this, core.size()));
            }
        }
    }

    /** The watch of a CPU, made if need be. */
    public Watch cpu(int number) {
        if (number >= watches.length) {
            watches = Arrays.copyOf(watches, Math.max(watches.length * 2, number + 1));
        }
        if (watches[number] == null) {
            int[] place = number < coreAndThreadOfCpu.length ? coreAndThreadOfCpu[number] : null;
            Core core = place == null ? null : cores.get(place[0]);
            watches[number] = new Watch(this, number, core, place == null ? 0 : place[1]);
            if (core != null) {
                core.add(place[1], watches[number]);
            }
        }
        return watches[number];
    }

    /** The trace goes on until then at least. */
    public void until(long time) {
        end = Math.max(end, time);
    }

    /**
     * Ends the trace.
     *
     * @throws Contradiction if what was added up contradicts itself
     */
    public void finish() {
        long span = 0;
        long unknown = 0;
        for (Watch watch : watches) {
            if (watch != null) {
                watch.finish(end);
                span += watch.span();
                unknown += watch.unknownNanos();
            }
        }
        cores.forEach(core -> core.finish(end));
        new Conservation(strategy, this, end).check(span - unknown);
    }

    /**
     * Holds it against what was counted apart from it.
     *
     * @param nanos time that tasks of the workload ran
     * @throws Contradiction if it has seen them run for longer or shorter
     */
    public void requireBusy(long nanos) {
        new Conservation(strategy, this, end).checkBusy(nanos);
    }

    public Account workload() {
        return workload;
    }

    public Account rest() {
        return rest;
    }

    public Tenants tenants() {
        return tenants;
    }

    public Neighbours neighbours() {
        return neighbours;
    }

    public Siblings siblings() {
        return siblings;
    }

    /** Whether the recording's CPUs are known to share cores. */
    public boolean knowsSiblings() {
        return !cores.isEmpty();
    }

    /** How many numbers of spaces there are. */
    public int spaces() {
        return 2 * strategySpaces;
    }

    /** Of these, the strategy's own: the numbers below. */
    public int strategySpaces() {
        return strategySpaces;
    }

    /** The guest's own memory. */
    public int guestSpace() {
        return strategySpaces;
    }

    int uncertain(int began) {
        return strategySpaces + began;
    }

    /** Whether it is not known how much of the time in this space was spent in the full one. */
    public boolean isUncertain(int space) {
        return space > strategySpaces;
    }

    /** The space in which a stretch of an uncertain one began. */
    public int began(int uncertain) {
        return uncertain - strategySpaces;
    }

    /** The full space, or one that may have been. */
    public boolean isFull(int space) {
        return space == FULL || isUncertain(space);
    }

    /** Time that the full space was, or may have been, live while this account's user or kernel code ran. */
    public long fullNanos(Account account) {
        long sum = 0;
        for (int space = 0; space < spaces(); space++) {
            sum += isFull(space) ? account.hostNanos(space) : 0;
        }
        return sum;
    }

    /** Of it, what may have been spent in another space. */
    public long uncertainNanos(Account account) {
        return fullNanos(account) - account.hostNanos(FULL);
    }

    int tenant(long owner) {
        return Neighbours.tenant(Steps.tenant(owner), Steps.namespace(owner), Steps.mm(owner), Steps.NO_MM);
    }
}

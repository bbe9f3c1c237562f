package tollgate.replay.exposure;

/**
 * What the meter adds up, for the workload or for all others on the same CPUs: nanoseconds by space. Spaces are numbered
 * as {@link Exposure} says.
 */
public final class Account {
    private static final int VIEWERS = Viewer.count();
    private static final int LEVELS = 4;

    private final int spaces;
    private final long[] live;
    private final long[] armed;
    private final long[] armedByKernel;
    private final long[] foundByGuests;
    private final long[] kernelFoundByGuests;
    private final long[] beside;
    private final long[] besideKernel;
    private final long[] kernel;
    private final long[] kernelWithBranches;
    private final long[] pages = new long[LEVELS];
    private final long[] pagesBeside = new long[LEVELS];
    private final Windows windows = new Windows();
    private final HandOvers[] handOvers = {new HandOvers(), new HandOvers()};
    private final Course course = new Course();
    long dirtyEntries;
    long dirtyNanos;
    long branchesToOthers;
    long guestExits;
    long restrictedExits;
    long untrustedEntries;
    long stuns;
    long waits;
    long guestStuns;
    long guestWaits;
    long stunnedNanos;
    long forcedIdleNanos;
    long besideNanos;

    Account(int spaces) {
        this.spaces = spaces;
        live = new long[Mode.values().length * spaces];
        armed = new long[Channel.count() * spaces * VIEWERS];
        armedByKernel = new long[armed.length];
        foundByGuests = new long[armed.length];
        kernelFoundByGuests = new long[armed.length];
        beside = new long[spaces * VIEWERS];
        besideKernel = new long[beside.length];
        kernel = new long[Origin.count() * spaces];
        kernelWithBranches = new long[kernel.length];
    }

    void pass(Mode mode, int space, long nanos) {
        live[mode.ordinal() * spaces + space] += nanos;
    }

    /** @param isKernel whether the kernel ran in it, not untrusted code */
    void arm(Channel channel, int space, boolean isKernel, Viewer viewer, long nanos) {
        int i = armed(channel, space, viewer);
        armed[i] += nanos;
        armedByKernel[i] += isKernel ? nanos : 0;
    }

    void findByGuest(Channel channel, int space, boolean isKernel, Viewer viewer, long nanos) {
        int i = armed(channel, space, viewer);
        foundByGuests[i] += nanos;
        kernelFoundByGuests[i] += isKernel ? nanos : 0;
    }

    private int armed(Channel channel, int space, Viewer viewer) {
        return (channel.ordinal() * spaces + space) * VIEWERS + viewer.ordinal();
    }

    void beside(int space, boolean isKernel, Viewer viewer, long nanos) {
        int i = space * VIEWERS + viewer.ordinal();
        beside[i] += nanos;
        besideKernel[i] += isKernel ? nanos : 0;
    }

    /** @param hasBranches whether untrusted code has left branch state since the last flush */
    void kernel(Origin origin, int space, boolean hasBranches, long nanos) {
        int i = origin.ordinal() * spaces + space;
        kernel[i] += nanos;
        kernelWithBranches[i] += hasBranches ? nanos : 0;
    }

    void pages(long byLevel, long nanos) {
        add(pages, byLevel, nanos);
    }

    void pagesBeside(long byLevel, long nanos) {
        add(pagesBeside, byLevel, nanos);
    }

    private static void add(long[] sums, long byLevel, long nanos) {
        for (int level = 1; level < LEVELS && byLevel != 0; level++) {
            sums[level] += Demand.pages(byLevel, level) * nanos;
        }
    }

    /** Nanoseconds that CPUs spent in this mode while this space was live. */
    public long nanos(Mode mode, int space) {
        return live[mode.ordinal() * spaces + space];
    }

    /** In all spaces. */
    public long nanos(Mode mode) {
        long sum = 0;
        for (int space = 0; space < spaces; space++) {
            sum += nanos(mode, space);
        }
        return sum;
    }

    /** Time in user and kernel mode. */
    public long hostNanos() {
        return nanos(Mode.USER) + nanos(Mode.KERNEL);
    }

    /** Time that a space was live while user or kernel code ran in it. */
    public long hostNanos(int space) {
        return nanos(Mode.USER, space) + nanos(Mode.KERNEL, space);
    }

    /**
     * Of the time in a space, what this viewer could make use of on the same hardware thread: because it ran itself
     * meanwhile, or was let run later with no flush of the channel in between. Each nanosecond is armed for one viewer
     * at most.
     */
    public long armedNanos(Channel channel, int space, Viewer viewer) {
        return armed[armed(channel, space, viewer)];
    }

    /** Of it, what the kernel ran: all that its space maps may have been used; user code and guests use their own memory. */
    public long armedKernelNanos(Channel channel, int space, Viewer viewer) {
        return armedByKernel[armed(channel, space, viewer)];
    }

    /**
     * Of the time in a space, what a guest was let run after with no flush of the channel in between: counted once, for
     * the first guest, whoever else could make use of it.
     */
    public long foundByGuestsNanos(Channel channel, int space, Viewer viewer) {
        return foundByGuests[armed(channel, space, viewer)];
    }

    /** Of it, what the kernel ran. */
    public long kernelFoundByGuestsNanos(Channel channel, int space, Viewer viewer) {
        return kernelFoundByGuests[armed(channel, space, viewer)];
    }

    /** Kernel time in a space, by who let it run. */
    public long kernelNanos(Origin origin, int space) {
        return kernel[origin.ordinal() * spaces + space];
    }

    /** Of it, with branch state of untrusted code not flushed since. */
    public long kernelNanosWithBranches(Origin origin, int space) {
        return kernelWithBranches[origin.ordinal() * spaces + space];
    }

    /** Time in a space while a sibling ran this viewer's code. */
    public long besideNanos(int space, Viewer viewer) {
        return beside[space * VIEWERS + viewer.ordinal()];
    }

    /** Of it, what the kernel ran here. */
    public long besideKernelNanos(int space, Viewer viewer) {
        return besideKernel[space * VIEWERS + viewer.ordinal()];
    }

    /** Time during which siblings' contexts were known, whatever they ran: what {@link #besideNanos(int, Viewer)} is a part of. */
    public long knownBesideNanos() {
        return besideNanos;
    }

    /** Page-nanoseconds of pages that were mapped one by one and are not the current tenant's own. @param level of sensitivity */
    public long pageNanos(int level) {
        return pages[level];
    }

    /** The same, while a sibling ran untrusted code to which they are foreign. */
    public long pageNanosBeside(int level) {
        return pagesBeside[level];
    }

    public Windows windows() {
        return windows;
    }

    public HandOvers handOvers(Channel channel) {
        return handOvers[channel.ordinal()];
    }

    public Course course() {
        return course;
    }

    /** Exits from guest mode. */
    public long guestExits() {
        return guestExits;
    }

    /** Of these, the ones between which and the next entry the full space was not live for an instant. */
    public long restrictedExits() {
        return restrictedExits;
    }

    /** Entries into the kernel from user or guest mode. */
    public long untrustedEntries() {
        return untrustedEntries;
    }

    /** Of these, after which the kernel ran on the full space with branch state that untrusted code had left. */
    public long dirtyEntries() {
        return dirtyEntries;
    }

    /** How long it ran that way. */
    public long dirtyNanos() {
        return dirtyNanos;
    }

    /** Times that untrusted code ran with branch state that another tenant's had left. */
    public long branchesToOthers() {
        return branchesToOthers;
    }

    /** Times that a sibling would have to be, or was, interrupted because the full space became live here. */
    public long stuns() {
        return stuns;
    }

    /** Times that a sibling would have to wait, or waited, on its way to untrusted code because the full space was live here. */
    public long waits() {
        return waits;
    }

    /** Of {@link #stuns}, those of a guest. */
    public long guestStuns() {
        return guestStuns;
    }

    public long guestWaits() {
        return guestWaits;
    }

    /** Time that siblings were kept from running untrusted code. */
    public long stunnedNanos() {
        return stunnedNanos;
    }

    /** Time that siblings were forced idle because what they would have run is another tenant's. */
    public long forcedIdleNanos() {
        return forcedIdleNanos;
    }
}

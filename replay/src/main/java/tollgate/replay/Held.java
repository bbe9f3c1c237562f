package tollgate.replay;

/** What a task takes with it when it is switched out. */
final class Held {
    /** Of tasks that never mapped a page; nobody adds to it. */
    private static final PageSet NOTHING = new PageSet();

    int cause = Cause.UNKNOWN;
    /** HOST_CR3 of its VMCS, with the context it stands for. */
    long hostCr3;
    /** Flags that acts raise and lower. */
    int flags;
    /** Mechanism interrupt depth: the space left when switched out, 0 for none. */
    int savedSpace;

    int interruptDepth;
    /** Mechanism lazy leave: asi_enter's space until asi_relax, 0 for none. */
    int target;

    PageSet mapped = NOTHING;
    /** Of them, those mapped by fetches of this call. */
    int codePages;

    boolean isBeyondLimits;
    /** Of those mapped, that are not the current tenant's own: see {@link tollgate.replay.exposure.Demand}. */
    long foreignPages;

    long ownPages;
    /** The call that is counted apart, null for none. */
    FollowedCalls.Followed followed;

    /** Maps a page that is not mapped. */
    void map(long page) {
        if (mapped == NOTHING) {
            mapped = new PageSet();
        }
        mapped.add(page);
    }
}

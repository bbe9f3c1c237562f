package tollgate.replay;

/**
 * The replay contradicts itself: what it counted cannot be true, or a lane failed. Never the recording's fault and never
 * to be worked around: no figure of such a replay may be used.
 */
public final class Contradiction extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param what contradicts what */
    public Contradiction(String what, Throwable cause) {
        super(what, cause);
    }

    /** @param what contradicts what */
    public Contradiction(String what) {
        super(what);
    }
}

package tollgate.replay.exposure;

/** Where data outlives the code that used it, until it is flushed. */
public enum Channel {
    /** The first-level data cache: emptied by an L1D flush. */
    L1D,
    /** Store and fill buffers, load ports: emptied by VERW, and by an L1D flush, which does that too (hw-vuln/l1tf.rst). */
    BUFFERS;

    private static final Channel[] ALL = values();

    static int count() {
        return ALL.length;
    }

    static Channel of(int ordinal) {
        return ALL[ordinal];
    }
}

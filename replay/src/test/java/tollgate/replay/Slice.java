package tollgate.replay;

/** Some of the steps of others, without parts. */
final class Slice {
    private Slice() {}

    /** @param from and to: places between two steps */
    static Steps of(Steps steps, int from, int to) {
        Steps slice = new Steps(to - from);
        System.arraycopy(steps.words(), from, slice.words(), 0, to - from);
        slice.added(to - from);
        return slice;
    }
}

package tollgate.analysis;

import java.util.List;

/** What is compared, and how finely, if nobody says: the same on the command line and in a study. */
public final class Standard {
    /** As on the command line, groups among them. */
    public static final List<String> STRATEGIES = List.of("isolation", Mainline.NAME);
    /** Name of a profile: the server of which most prices were published. */
    public static final String CPU = "skylake-sp";
    /** Draws that an interval rests on; a power of two, as the Sobol sequence wants it. */
    public static final int DRAWS = 2048;

    private Standard() {}
}

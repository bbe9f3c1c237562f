package tollgate.analysis;

import java.util.List;
import java.util.Locale;
import tollgate.replay.MemoryClass;
import tollgate.replay.pages.Footprints;
import tollgate.replay.pages.MemoryClasses;
import tollgate.replay.pages.PageStream;
import tollgate.replay.pages.UserParameters;

/**
 * What of the page stream is neither measured nor drawn: each is replayed at its low and its high end, all else at its
 * middle. Between the ends counts are linear in the parameter's quantile; parameters are taken to add up.
 */
enum ModelParameter {
    /** Distinct user pages of a stretch against the measured programs': their spread (an estimate). */
    USER_PAGES(Uncertainty.USER_PAGES, "user pages of a stretch, %s to %s times the measured curves'", 0.6, 1, 1.6) {
        @Override
        PageStream at(MemoryClasses.Level end, Footprints footprints, long seed) {
            return with(
                    new UserParameters(value(end), USUAL.instructionsPerNano(), USUAL.memoryPages()), footprints, seed);
        }
    },
    /** Instructions a nanosecond, which turn recorded time into the measured curves' unit (an estimate). */
    USER_SPEED(Uncertainty.USER_SPEED, "instructions a recorded nanosecond, %s to %s", 0.5, 1, 3) {
        @Override
        PageStream at(MemoryClasses.Level end, Footprints footprints, long seed) {
            return with(new UserParameters(USUAL.scale(), value(end), USUAL.memoryPages()), footprints, seed);
        }
    },
    /**
     * The share of pages that belong to others or are secret, which restricted spaces do not map: from -1, classes.yaml's
     * low, to 1, its high.
     */
    FOREIGN_PAGES(
            Uncertainty.FOREIGN_PAGES,
            "share of pages of others and of secrets, low to high of the class table",
            -1,
            0,
            1) {
        @Override
        PageStream at(MemoryClasses.Level end, Footprints footprints, long seed) {
            MemoryClasses table = MemoryClasses.shipped();
            for (MemoryClass foreign : FOREIGN) {
                table = table.with(foreign, end);
            }
            return new PageStream(footprints, seed, table, USUAL);
        }
    };

    static final List<MemoryClasses.Level> ENDS = List.of(MemoryClasses.Level.LOW, MemoryClasses.Level.HIGH);

    private static final UserParameters USUAL = UserParameters.DEFAULT;
    private static final List<MemoryClass> FOREIGN = List.of(
            MemoryClass.U_OTH,
            MemoryClass.G_OTH,
            MemoryClass.PC_OTH,
            MemoryClass.PM_FREE,
            MemoryClass.K_SECRET,
            MemoryClass.K_TASK_OTH,
            MemoryClass.K_PROC_OTH,
            MemoryClass.K_VM_OTH,
            MemoryClass.K_NS_OTH);

    final String key;
    /** What it is and its ends, for the list of what intervals contain. */
    final String title;
    /** What it is at its low end, where nobody moves it, and at its high end. */
    final double low;

    final double usual;
    final double high;

    /** @param title with a place for each end, if it tells them */
    ModelParameter(String key, String title, double low, double usual, double high) {
        this.key = key;
        this.title = String.format(Locale.ROOT, title, CpuParameter.plain(low), CpuParameter.plain(high));
        this.low = low;
        this.usual = usual;
        this.high = high;
    }

    double value(MemoryClasses.Level end) {
        return end == MemoryClasses.Level.LOW ? low : high;
    }

    /** The page stream with this parameter at an end. */
    abstract PageStream at(MemoryClasses.Level end, Footprints footprints, long seed);

    private static PageStream with(UserParameters user, Footprints footprints, long seed) {
        return new PageStream(footprints, seed, MemoryClasses.shipped(), user);
    }
}

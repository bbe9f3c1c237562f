package tollgate.analysis;

import java.util.List;
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
    /** Distinct user pages of a stretch against the measured programs': 0.6 to 1.6, their spread (an estimate). */
    USER_PAGES(Uncertainty.USER_PAGES, "user pages of a stretch, 0.6 to 1.6 times the measured curves'") {
        @Override
        PageStream at(MemoryClasses.Level end, Footprints footprints, long seed) {
            double scale = end == MemoryClasses.Level.LOW ? 0.6 : 1.6;
            return new PageStream(
                    footprints,
                    seed,
                    MemoryClasses.shipped(),
                    new UserParameters(scale, USUAL.instructionsPerNano(), USUAL.memoryPages()));
        }
    },
    /** Instructions a nanosecond, which turn recorded time into the measured curves' unit: 0.5 to 3 (an estimate). */
    USER_SPEED(Uncertainty.USER_SPEED, "instructions a recorded nanosecond, 0.5 to 3") {
        @Override
        PageStream at(MemoryClasses.Level end, Footprints footprints, long seed) {
            double speed = end == MemoryClasses.Level.LOW ? 0.5 : 3;
            return new PageStream(
                    footprints,
                    seed,
                    MemoryClasses.shipped(),
                    new UserParameters(USUAL.scale(), speed, USUAL.memoryPages()));
        }
    },
    /** The share of pages that belong to others or are secret, which restricted spaces do not map: classes.yaml's low and high. */
    FOREIGN_PAGES(
            Uncertainty.FOREIGN_PAGES, "share of pages of others and of secrets, low to high of the class table") {
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
    final String title;

    ModelParameter(String key, String title) {
        this.key = key;
        this.title = title;
    }

    /** The page stream with this parameter at an end. */
    abstract PageStream at(MemoryClasses.Level end, Footprints footprints, long seed);
}

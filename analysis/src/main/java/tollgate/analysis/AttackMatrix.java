package tollgate.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tollgate.analysis.AttackCell.Left;
import tollgate.analysis.AttackCell.Verdict;
import tollgate.analysis.Figure.CannotTell;
import tollgate.analysis.Figure.Estimate;
import tollgate.replay.Lane;
import tollgate.replay.exposure.Siblings;

/**
 * What of every {@link Attack} each strategy leaves open in one replay, held against no isolation in the same replay:
 * derived from what is {@link Open} in both, never written down.
 *
 * <p>Where a recording has no real clock, its stamps still order what happened: verdicts follow from whether anything, less
 * or as much is open, and only counts are given as figures.
 */
final class AttackMatrix {
    private static final String[] LEVELS = {"kernel code", "layout and metadata", "tenants' data", "keys"};

    private final Openness baseline;
    private final MemorySizes sizes;
    private final String noTime;

    /**
     * @param baseline no isolation
     * @param noTime why the recording's times cannot be used, or empty
     */
    AttackMatrix(Lane baseline, MemorySizes sizes, String noTime) {
        this.baseline = new Openness(baseline, sizes);
        this.sizes = sizes;
        this.noTime = noTime;
    }

    /** A cell for each attack. */
    List<AttackCell> of(Lane lane) {
        Openness openness = new Openness(lane, sizes);
        List<AttackCell> cells = new ArrayList<>();
        for (Attack attack : Attack.values()) {
            cells.add(cell(attack, openness));
        }
        return cells;
    }

    private AttackCell cell(Attack attack, Openness openness) {
        List<Open> whole = baseline.to(attack);
        List<Open> open = openness.to(attack);
        boolean isAcross = attack == Attack.L1TF_SIBLING || attack == Attack.MDS_SIBLING;
        String assumes = attack.assumes() + (isAcross ? sibling(openness) : "");
        boolean isStoppedByDesign = isAcross && openness.siblings() == Siblings.OFF;
        String reason = isStoppedByDesign ? "" : reason(attack, whole.get(0));
        if (!reason.isEmpty()) {
            return new AttackCell(attack, Verdict.CANNOT_TELL, List.of(), assumes, reason);
        }
        Verdict verdict = open.stream().allMatch(Open::isNothing)
                ? Verdict.STOPPED
                : open.get(0).isLessThan(whole.get(0)) ? Verdict.REDUCED : Verdict.NOT_AFFECTED;
        return new AttackCell(attack, verdict, left(open, whole), assumes, "");
    }

    private String sibling(Openness openness) {
        String policy = switch (openness.siblings()) {
            case ANYTHING, OFF -> "";
            case ONE_TENANT -> "; the core runs one tenant at a time, switched without delay";
            case ONE_TENANT_OUT_OF_KERNEL ->
                "; the core runs one tenant at a time, and none while a sibling is in the kernel, without delay";
            case STUNNED_GUESTS -> "; guests are stunned without delay while a sibling is on the full space";
            case STUNNED -> "; siblings are stunned without delay while one is on the full space";
        };
        return (openness.siblings() == Siblings.OFF
                        ? ""
                        : openness.knowsSiblings()
                                ? "; the sibling runs what was recorded"
                                : "; no sibling was recorded: from one that runs nothing to one that always runs another"
                                        + " tenant's code")
                + policy;
    }

    /** Why nothing can be told, or empty. @param whole what is open without isolation */
    private String reason(Attack attack, Open whole) {
        boolean ofGuests = switch (attack) {
            case L1TF_THREAD, L1TF_SIBLING, SPECTRE_V1_GUEST, SPECTRE_V2_GUEST -> true;
            default -> false;
        };
        if (ofGuests && !baseline.hasGuests()) {
            return "no guest ran in the workload";
        }
        return whole.isNothing() ? "nothing was open to it without isolation either, in this recording" : "";
    }

    private List<Left> left(List<Open> all, List<Open> without) {
        List<Left> left = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Open open = all.get(i);
            if (open.isTime()) {
                comparisons(open, without.get(i), left);
                share(open, left);
                bytes(open, left);
            } else {
                share(open, left);
            }
        }
        return left;
    }

    private void comparisons(Open open, Open without, List<Left> left) {
        for (int level = Open.LEVELS - 1; level >= 0; level--) {
            double whole = without.highBytes(level) / without.whole();
            if (level != 1 && whole > 0 && open.whole() > 0) {
                double low = 100 * open.lowBytes(level) / open.whole() / whole;
                double high = 100 * open.highBytes(level) / open.whole() / whole;
                left.add(new Left(
                        LEVELS[level] + " in reach, of what is without isolation",
                        timed(low, high),
                        "%",
                        plain(open.highBytes(level)) + " of " + plain(without.highBytes(level)) + " byte ns"));
            }
        }
    }

    private void share(Open open, List<Left> left) {
        double low = open.whole() == 0 ? 0 : 100.0 * open.low() / open.whole();
        double high = open.whole() == 0 ? 0 : 100.0 * open.high() / open.whole();
        Figure figure = open.whole() == 0
                ? new CannotTell("there were none")
                : open.isTime() ? timed(low, high) : new Estimate(high, Math.min(low, high), high);
        left.add(new Left(
                open.of() + " with anything in reach",
                figure,
                "%",
                (open.low() == open.high() ? "" : open.low() + " to ") + open.high() + " of " + open.whole()
                        + (open.isTime() ? " ns" : "")));
    }

    private void bytes(Open open, List<Left> left) {
        for (int level = Open.LEVELS - 1; level >= 0; level--) {
            if (open.highBytes(level) > 0 && open.whole() > 0) {
                left.add(new Left(
                        LEVELS[level] + " in reach on average",
                        timed(open.lowBytes(level) / open.whole(), open.highBytes(level) / open.whole()),
                        "bytes",
                        plain(open.highBytes(level)) + " byte ns of " + open.whole() + " ns"));
            }
        }
    }

    private Figure timed(double low, double high) {
        return noTime.isEmpty() ? new Estimate(high, Math.min(low, high), high) : new CannotTell(noTime);
    }

    private static String plain(double number) {
        return String.format(Locale.ROOT, "%.4g", number);
    }
}

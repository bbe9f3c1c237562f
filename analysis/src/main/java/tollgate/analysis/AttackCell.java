package tollgate.analysis;

import java.io.Serializable;
import java.util.List;

/**
 * What is left of one attack under one strategy in one workload.
 *
 * @param left what is still open, in figures; the most telling first
 * @param assumes what the verdict rests on
 * @param reason why nothing can be told, or empty
 */
public record AttackCell(Attack attack, Verdict verdict, List<Left> left, String assumes, String reason)
        implements Serializable {
    /** What of the attack is open, held against no isolation in the same replay. */
    public enum Verdict {
        /** Nothing. */
        STOPPED("stopped"),
        /** Less. */
        REDUCED("reduced"),
        /** As much. */
        NOT_AFFECTED("not affected"),
        /** The recording does not show it. */
        CANNOT_TELL("cannot tell");

        private final String words;

        Verdict(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /**
     * @param what is in reach
     * @param figure how much
     * @param unit of the figure
     * @param from the numbers that it is made of
     */
    public record Left(String what, Figure figure, String unit, String from) implements Serializable {}

    public AttackCell {
        left = List.copyOf(left);
    }

    /** The same, with the interval of the share of VM exits that leave a restricted space where it says how many are left. */
    AttackCell leaving(Figure.Estimate share) {
        List<Left> drawn = left.stream()
                .map(each -> each.what().startsWith(Openness.EXITS)
                        ? new Left(each.what(), share, each.unit(), each.from())
                        : each)
                .toList();
        return new AttackCell(attack, verdict, drawn, assumes, reason);
    }

    /** The same on a CPU: whether it has a flaw that the attack needs. */
    AttackCell on(CpuProfile cpu) {
        if (attack.vulnerabilities().isEmpty()) {
            return this;
        }
        boolean isOpen =
                attack.vulnerabilities().stream().anyMatch(cpu.features().vulnerableTo()::contains);
        return new AttackCell(
                attack,
                verdict,
                left,
                assumes
                        + (isOpen
                                ? "; " + cpu.title() + " is open to it"
                                : "; " + cpu.title() + " is not open to it, others are"),
                reason);
    }
}

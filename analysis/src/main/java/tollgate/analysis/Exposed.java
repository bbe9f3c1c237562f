package tollgate.analysis;

import java.io.Serializable;

/**
 * One exposure figure.
 *
 * @param figure a count or share of recorded time, exact or with bounds: nothing priced, so no percentiles
 * @param unit of the figure
 * @param basis what it rests on
 * @param from the numbers that it is made of, such as "120 to 150 of 3800 ns"; empty if it is one itself
 */
public record Exposed(Figure figure, String unit, Basis basis, String from) implements Serializable {
    /** What a figure of exposure rests on. */
    public enum Basis {
        /** Time or a count of the recording, on the replayed course of address spaces. */
        MEASURED("measured"),
        /** The same, where that follows from pages touched, which are drawn: with the interval of the model's parameters. */
        DRAWN_PAGES("on drawn pages"),
        /** As measured; the moment within some stretches is unknown. */
        BOUNDS("bounds"),
        /** No sibling was recorded: from one that runs nothing to one that always runs another tenant's code. */
        ASSUMED_SIBLING("bounds under an assumed sibling"),
        /** Recorded time times sizes of classes of memory, which the sidecar states, or else a default machine. */
        STATED_SIZES("on stated sizes of memory"),
        /** The strategy has it so, whatever was recorded. */
        BY_DESIGN("by design"),
        /** Neither: the figure says why it cannot be told. */
        NOTHING("cannot tell");

        private final String words;

        Basis(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }
}

package tollgate.ingest;

import java.io.IOException;

/**
 * A form in which recordings come: one file of {@code tollgate.ingest.format}, found by
 * {@code @AutoService(Format.class)}.
 */
public interface Format {
    /** {@link #confidence} of a format that has found its magic number. */
    int CERTAIN = 100;

    /** The name for {@code --format}: lower case, words joined by hyphens. */
    String name();

    /** One line for {@code tollgate list formats}: the tool and command that write it. */
    String description();

    /**
     * How sure this is that the input is one of its own: 0 not at all, {@link #CERTAIN} a magic number. Looks at the
     * beginning only ({@link Input#head}) and consumes nothing.
     */
    int confidence(Input input) throws IOException;

    /**
     * As {@link #open(Input)}, decoding pieces at the same time: the same events, names, tally and errors, in the same order.
     * A format whose records cannot be read without those before them is opened as ever; it says why where it stands.
     */
    default Recording open(Input input, Workers workers) throws IOException {
        return open(input);
    }

    /** Starts reading. @throws BadInput if the beginning is not what it should be */
    Recording open(Input input) throws IOException;
}

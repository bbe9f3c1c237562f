package tollgate.analysis.spark;

import java.io.Serializable;

/**
 * What came of a task, sent to the driver.
 *
 * @param partition that it was
 * @param replayed packed, or empty if it failed
 * @param failure why it failed whoever runs it, or empty
 */
record Outcome(int partition, byte[] replayed, String failure) implements Serializable {
    static Outcome done(int partition, byte[] replayed) {
        return new Outcome(partition, replayed, "");
    }

    static Outcome failed(int partition, String failure) {
        return new Outcome(partition, new byte[0], failure);
    }

    boolean isDone() {
        return failure.isEmpty();
    }
}

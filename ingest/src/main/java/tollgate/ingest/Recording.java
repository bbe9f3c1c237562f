package tollgate.ingest;

import java.io.Closeable;
import java.io.IOException;

/**
 * One recording being read, front to back, once. Not for use by several threads.
 *
 * <p>{@link #coverage} and {@link #tally} are complete when {@link #read} has returned false.
 */
public interface Recording extends Closeable {
    /**
     * Fills the batch with the next events, in time order.
     *
     * @param batch cleared first
     * @return false if there are no more events; the batch is then empty
     * @throws BadInput where the recording is corrupt
     */
    boolean read(Batch batch) throws IOException;

    Coverage coverage();

    Tally tally();

    Names names();
}

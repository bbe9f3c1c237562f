package tollgate.ingest.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import tollgate.ingest.Batch;
import tollgate.ingest.Names;

/**
 * Whole thread names where the comm column shows a part: sched_switch, sched_wakeup and sched_process_fork name their
 * threads in full, the column drops blanks at the start, in latency format all behind 8 bytes, and ftrace prints
 * {@code <...>} for a name it has forgotten.
 */
final class ExactComms {
    private final Names names;
    private final Threads threads = new Threads();
    /** For each name, the name as the column shows it, or -1 before that is asked. */
    private int[] columns = {};

    ExactComms(Names names) {
        this.names = names;
    }

    /**
     * @param column id of the name in the column, -1 for {@code <...>}
     * @param width bytes of the column
     * @return the name that the thread was last told to have, if the column can be it; else the column
     */
    int of(int tid, int column, int width) {
        int slot = threads.find(tid);
        int exact = slot < 0 ? -1 : threads.comm(slot);
        return exact < 0 || exact == column ? column : column < 0 || shown(exact, width) == column ? exact : column;
    }

    /** Takes the name that an event of the batch tells. */
    void learn(Batch batch, int i) {
        switch (batch.kind(i)) {
            case SWITCH, WAKEUP, FORK -> {
                if (batch.a[i] > 0) {
                    threads.comm(threads.put((int) batch.a[i], -1), (int) batch.b[i]);
                }
            }
            case EXIT -> threads.remove(batch.tid[i]);
            default -> {}
        }
    }

    private int shown(int exact, int width) {
        if (exact >= columns.length) {
            int known = columns.length;
            columns = Arrays.copyOf(columns, Math.max(2 * known, exact + 16));
            Arrays.fill(columns, known, columns.length, -1);
        }
        if (columns[exact] < 0) {
            byte[] name = names.name(exact).getBytes(StandardCharsets.UTF_8);
            int from = Text.skipBlanks(name, 0, Math.min(width, name.length));
            columns[exact] = names.id(name, from, Math.min(width, name.length) - from);
        }
        return columns[exact];
    }
}

package tollgate.ingest.format;

import com.google.auto.service.AutoService;
import java.io.IOException;
import tollgate.ingest.Format;
import tollgate.ingest.Input;
import tollgate.ingest.Recording;
import tollgate.ingest.Workers;

/**
 * The text of {@code trace-cmd report}: with plugins or without (-N), raw (-R), with latency columns (-l), nanoseconds
 * (-t), differences (--ts-diff), and cycles where the recording was made with {@code -C x86-tsc}.
 *
 * <p>Its lines are the kernel's ({@link TaskLine}) with names padded to 20 characters; what plugins spell otherwise
 * is {@link TracepointText}'s matter, uninterpreted fields are {@link RawFields}'. Source: trace-cmd 3.1.6 and its
 * libtraceevent.
 *
 * <p>Left out: --stat and --profile, which print no events, and reports over several files at once.
 */
@AutoService(Format.class)
public final class TraceCmdReport implements Format {
    @Override
    public String name() {
        return "trace-cmd-report";
    }

    @Override
    public String description() {
        return "text of trace-cmd report";
    }

    @Override
    public int confidence(Input input) throws IOException {
        byte[] head = input.head();
        TaskLineSample sample = TaskLineSample.of(head);
        if (!sample.isMostlyEvents()) {
            return 0;
        }
        boolean hasHeader =
                Text.startsWith(head, 0, head.length, "cpus=") || Text.startsWith(head, 0, head.length, "version = ");
        return hasHeader ? 95 : sample.isPadded() ? 75 : 0;
    }

    @Override
    public Recording open(Input input) throws IOException {
        return TaskRecording.open(input);
    }

    @Override
    public Recording open(Input input, Workers workers) throws IOException {
        return TaskRecording.open(input, workers);
    }
}

package tollgate.ingest.format;

import com.google.auto.service.AutoService;
import java.io.IOException;
import tollgate.ingest.BadInput;
import tollgate.ingest.Format;
import tollgate.ingest.Input;
import tollgate.ingest.Recording;
import tollgate.ingest.Workers;

/**
 * The text of the kernel's own ring buffer: {@code cat trace}, with a header, and {@code cat trace_pipe}, without one.
 *
 * <p>Read are the default columns, latency-format (microseconds from the start of the recording, a comm cut to
 * 8 bytes), record-tgid, noirq-info, and every trace clock ({@link TickClock}); lines of the function tracer between
 * events are counted. Source: Documentation/trace/ftrace.rst, kernel/trace/trace.c.
 *
 * <p>Left out: function_graph, which is another text without tasks, and the options verbose, raw, hex and bin.
 */
@AutoService(Format.class)
public final class Ftrace implements Format {
    @Override
    public String name() {
        return "ftrace";
    }

    @Override
    public String description() {
        return "ftrace text: cat /sys/kernel/tracing/trace or trace_pipe";
    }

    @Override
    public int confidence(Input input) throws IOException {
        byte[] head = input.head();
        if (Text.startsWith(head, 0, head.length, "# tracer: ")) {
            return 95;
        }
        TaskLineSample sample = TaskLineSample.of(head);
        return sample.isMostlyEvents() && !sample.isPadded() ? 70 : 0;
    }

    @Override
    public Recording open(Input input) throws IOException {
        checkTracer(input);
        return TaskRecording.open(input);
    }

    @Override
    public Recording open(Input input, Workers workers) throws IOException {
        checkTracer(input);
        return TaskRecording.open(input, workers);
    }

    private static void checkTracer(Input input) throws IOException {
        byte[] head = input.head();
        if (Text.startsWith(head, 0, head.length, "# tracer: function_graph")) {
            throw new BadInput(
                    input.name() + ":1",
                    "expected events of tasks, found the function_graph tracer, which names none; record with"
                            + " 'echo nop > current_tracer'");
        }
    }
}

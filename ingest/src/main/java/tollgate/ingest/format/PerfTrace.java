package tollgate.ingest.format;

import com.google.auto.service.AutoService;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import tollgate.ingest.Format;
import tollgate.ingest.Input;
import tollgate.ingest.Recording;

/**
 * The text of {@code perf trace}: system calls ({@code -s} prints no events, {@code -S} events and a summary behind them)
 * and page faults ({@code -F all}).
 *
 * <pre>
 *   0.693 ( 0.017 ms): sess_redis.s/10247 openat(dfd: CWD, filename: 0x6f16, flags: RDONLY) = 4
 *   start   duration   comm/tid           the call                                            its result
 * </pre>
 *
 * <p>A call that another thread's event interrupts is printed twice, first with {@code ...} in place of the result, then
 * as {@code ... [continued]: openat()) = 4} with the same start. Start times are milliseconds since the first event (-T:
 * of perf's clock) with three decimals. What perf hides cannot be told: the CPU, the process, arguments that are zero and
 * so the place of the others, comms beyond 14 bytes (builtin-trace.c).
 */
@AutoService(Format.class)
public final class PerfTrace implements Format {
    static final Pattern EVENT =
            Pattern.compile("^ *(\\?|[0-9]+\\.[0-9]{3}) \\( *([0-9]+\\.[0-9]{3} ms)? *\\): .*", Pattern.DOTALL);

    /** Lines of the head that are looked at. */
    private static final int LOOK = 200;

    @Override
    public String name() {
        return "perf-trace";
    }

    @Override
    public String description() {
        return "text printed by 'perf trace', also with -S, -T and -F all (its durations hold perf's own cost)";
    }

    @Override
    public int confidence(Input input) throws IOException {
        int events = 0;
        int others = 0;
        try (Lines lines = new Lines(new ByteArrayInputStream(input.head()))) {
            while (events + others < LOOK && lines.next()) {
                int length = Math.min(lines.to() - lines.from(), 200);
                String line = new String(lines.bytes(), lines.from(), length, StandardCharsets.ISO_8859_1);
                if (EVENT.matcher(line).matches()) {
                    events++;
                } else if (lines.isComplete()) {
                    others++;
                }
            }
        }
        return events * 4 > events + others ? 90 : 0;
    }

    @Override
    public Recording open(Input input) throws IOException {
        return new PerfTraceRecording(input);
    }
}

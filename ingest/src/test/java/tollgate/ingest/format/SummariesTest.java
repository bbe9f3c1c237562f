package tollgate.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tollgate.ingest.BadInput;
import tollgate.ingest.Formats;
import tollgate.ingest.Input;

final class SummariesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "perf-trace-s | the table of 'perf trace -s'; record with 'perf trace -S -o trace.txt -- COMMAND', which prints the calls as well",
                "perf-kvm-stat | the table of 'perf kvm stat report'; give the perf.data that it was made of, or record with \"perf record -e 'kvm:*' -p PID\"",
                "hist-trigger | a histogram of an event trigger; read the file 'trace' or 'trace_pipe' instead of 'hist', or record with 'trace-cmd record -e EVENT'",
                "bpftrace-hist | a histogram or map of bpftrace; record with \"perf record -e 'raw_syscalls:*,sched:sched_switch,exceptions:*' -o perf.data -- COMMAND\"",
                "bpftrace-json | the JSON of bpftrace; record with \"perf record -e 'raw_syscalls:*,sched:sched_switch,exceptions:*' -o perf.data -- COMMAND\"",
                "bpftrace-printf | text printed by a bpftrace program; record with \"perf record -e 'raw_syscalls:*,sched:sched_switch,exceptions:*' -o perf.data -- COMMAND\"",
                "perf-json | JSON of 'perf data convert', which leaves out the names of the events; give the perf.data itself, or the text of 'perf script'",
                "perf-stat | the counters of 'perf stat'; record with \"perf record -e 'raw_syscalls:*,sched:sched_switch,exceptions:*' -o perf.data -- COMMAND\"",
            },
            quoteCharacter = '`')
    void isRefusedWithTheCommandThatRecordsEvents(String sample, String found) throws IOException {
        Path path = Samples.of("summary", "refused-" + sample + ".txt");
        try (Input input = Input.of(path)) {
            assertThat(Formats.recognise(input).name()).isEqualTo("summary");
            assertThatThrownBy(() -> Formats.recognise(input).open(input))
                    .isInstanceOf(BadInput.class)
                    .hasMessage(path + ": expected a recording of single events, found " + found);
        }
    }
}

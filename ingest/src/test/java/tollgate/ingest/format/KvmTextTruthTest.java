package tollgate.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tollgate.ingest.ExitReason;
import tollgate.ingest.Format;
import tollgate.ingest.Formats;
import tollgate.ingest.Input;
import tollgate.ingest.Kind;

/** The ftrace and trace-cmd texts of the KVM recordings, against their README's tables and the kernel's own histograms. */
@EnabledIfSystemProperty(named = "tollgate.shared", matches = ".+")
class KvmTextTruthTest {
    private static final Path RECORDINGS = Path.of(System.getProperty("tollgate.shared", ""), "recordings");
    private static final Pattern TABLE_ROW = Pattern.compile("\\| ([a-z_]+) \\| (\\d+) \\|.*");
    private static final Pattern HISTOGRAM_ROW = Pattern.compile("\\{ \\w+: +(\\d+) } hitcount: +(\\d+)");

    @ParameterizedTest
    @CsvSource({
        "kvm-amd-svm-6.1, tiny-mix-ft.ftrace.txt, tiny-mix-ft.ftrace.txt, tiny-mix-ft, ftrace, 2",
        "kvm-intel-vmx-6.1, tiny-mix-ft.ftrace.txt, tiny-mix-ft.ftrace.txt, tiny-mix-ft, ftrace, 1",
        "kvm-pvm-6.18, pvm-mix-ft.ftrace.txt, pvm-mix-ft.ftrace.txt, '', ftrace, 0",
        "kvm-amd-svm-6.1, tiny-mix-v6.report-plugins.txt, tiny-mix-v6.dat, tiny-mix-v6, trace-cmd-report, 2",
        "kvm-amd-svm-6.1, tiny-mix-v6.report-noplugins.txt, tiny-mix-v6.dat, tiny-mix-v6, trace-cmd-report, 2"
    })
    void countsAreExact(String folder, String text, String section, String histograms, String format, int isa)
            throws IOException {
        Path file = RECORDINGS.resolve(folder).resolve(text + ".zst");
        Format recognised;
        try (Input input = Input.of(file)) {
            recognised = Formats.recognise(input);
        }
        assertThat(recognised.name()).isEqualTo(format);
        Events events = Events.read(recognised, file);
        assertThat(events.tracepoints()).isEqualTo(table(RECORDINGS.resolve(folder), section));
        assertThat(events.note("other lines")).isZero();
        if (!histograms.isEmpty()) {
            Path counts = RECORDINGS.resolve(folder).resolve("counts");
            Map<Integer, Long> exits = new TreeMap<>();
            events.of(Kind.VM_EXIT).forEach(event -> {
                assertThat(ExitReason.isa(event.code())).isEqualTo(isa);
                exits.merge(ExitReason.reason(event.code()), 1L, Long::sum);
            });
            assertThat(exits).isEqualTo(histogram(counts.resolve(histograms + ".hist-kvm_exit.txt")));
            Map<Integer, Long> returns = new TreeMap<>();
            events.of(Kind.VMM_RETURN).forEach(event -> returns.merge(event.code(), 1L, Long::sum));
            assertThat(returns).isEqualTo(histogram(counts.resolve(histograms + ".hist-kvm_userspace_exit.txt")));
        }
    }

    /** libtraceevent's kvm plugin and the kernel's own format say the same events in other words. */
    @Test
    void pluginsAndKernelSpellTheSameEvents() throws IOException {
        Path folder = RECORDINGS.resolve("kvm-amd-svm-6.1");
        Events plugins = Events.read(new TraceCmdReport(), folder.resolve("tiny-mix-v6.report-plugins.txt.zst"));
        Events kernel = Events.read(new TraceCmdReport(), folder.resolve("tiny-mix-v6.report-noplugins.txt.zst"));
        assertThat(plugins.list()).hasSameSizeAs(kernel.list());
        for (int i = 0; i < plugins.list().size(); i++) {
            assertThat(plugins.get(i)).as("event " + i).isEqualTo(kernel.get(i));
        }
    }

    private static Map<String, Long> table(Path folder, String section) throws IOException {
        Map<String, Long> counts = new TreeMap<>();
        boolean isInside = false;
        boolean isFirstTable = true;
        for (String line : Files.readAllLines(folder.resolve("README.md"))) {
            if (line.startsWith("### ")) {
                isInside = line.equals("### " + section);
            }
            Matcher row = TABLE_ROW.matcher(line);
            if (isInside && line.startsWith("| kvm_exit reason")) {
                isFirstTable = false;
            }
            if (isInside && isFirstTable && row.matches()) {
                counts.put(row.group(1), Long.valueOf(row.group(2)));
            }
        }
        assertThat(counts).isNotEmpty();
        return counts;
    }

    private static Map<Integer, Long> histogram(Path file) throws IOException {
        Map<Integer, Long> counts = new TreeMap<>();
        Matcher row = HISTOGRAM_ROW.matcher(Files.readString(file));
        while (row.find()) {
            counts.put(Integer.valueOf(row.group(1)), Long.valueOf(row.group(2)));
        }
        assertThat(counts).isNotEmpty();
        return counts;
    }
}

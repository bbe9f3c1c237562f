package tollgate.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tollgate.ingest.yaml.BadYaml;
import tollgate.replay.Operation;

class CpuProfileTest {
    @Test
    void theCatalogIsSorted() {
        assertThat(CpuProfile.all().stream().map(CpuProfile::name))
                .contains("haswell", "skylake-sp", "zen4")
                .isSorted();
    }

    /** Figures of skylake-sp.yaml, worked out by hand: 210 verified, 230 derived, 130 recalled elsewhere, 1600 ns at 2.1 GHz. */
    @Test
    void pricesAreReadWithTheirRange() {
        CpuProfile cpu = CpuProfile.load("skylake-sp");
        assertThat(cpu.gigahertz()).isEqualTo(2.1);
        assertThat(range(cpu, Operation.VMRESUME_SURCHARGE)).isEqualTo("178.5 210.0 241.5");
        assertThat(range(cpu, Operation.CR3_WRITE_FLUSH)).isEqualTo("161.0 230.0 299.0");
        assertThat(range(cpu, Operation.RSB_FILL)).isEqualTo("26.0 130.0 286.0");
        assertThat(range(cpu, Operation.IPI_WAIT)).isEqualTo("1344.0 3360.0 5376.0");
        assertThat(range(cpu, Operation.WALK_STEP)).isEqualTo("4.0 14.0 69.0");
        assertThat(cpu.prices().price(Operation.RSB_FILL).source())
                .isEqualTo("Behrens, Belay, Kaashoek, EuroSys 2022, doi:10.1145/3492321.3519559, from memory"
                        + " (borrowed from skylake-client)");
    }

    /** By source: 230 and 210 cycles come from the same notes, but the writes of CR3 err with each other. */
    @Test
    void whatErrsTogetherIsAsTheProfileSays() {
        CpuProfile cpu = CpuProfile.load("skylake-sp");
        assertThat(errsWith(cpu, Operation.VMRESUME_SURCHARGE)).isEqualTo("exit-anatomy");
        assertThat(errsWith(cpu, Operation.VERW)).isEqualTo("exit-anatomy");
        assertThat(errsWith(cpu, Operation.CR3_WRITE_FLUSH)).isEqualTo("cr3_write");
        assertThat(errsWith(cpu, Operation.CR3_WRITE_KEEP)).isEqualTo("cr3_write");
        assertThat(errsWith(cpu, Operation.IBPB)).isEqualTo("ibpb");
        assertThat(errsWith(cpu, Operation.CR3_READ)).isEqualTo("cr3_read");
        assertThat(cpu.prices().price(Operation.IBPB).note())
                .isEqualTo("exit-anatomy: its notes say 1500, its profile implies at most 16290; unresolved");
        assertThat(cpu.prices().price(Operation.WALK_STEP).note()).startsWith("entry read from L1");
        assertThat(cpu.prices().price(Operation.VMRESUME_SURCHARGE).note())
                .isEqualTo("once an entry, however many writes");
    }

    private static String errsWith(CpuProfile cpu, Operation operation) {
        return cpu.prices().price(operation).errsWith();
    }

    private static String range(CpuProfile cpu, Operation operation) {
        Price price = cpu.prices().price(operation);
        return round(price.low()) + " " + round(price.mid()) + " " + round(price.high());
    }

    private static double round(double cycles) {
        return Math.rint(cycles * 1e6) / 1e6;
    }

    @Test
    void anUnknownNameIsAnsweredWithTheNearest() {
        assertThatThrownBy(() -> CpuProfile.load("skylake-ps"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("unknown CPU 'skylake-ps'; did you mean 'skylake-sp'?");
        assertThatThrownBy(() -> CpuProfile.load("lost.yaml"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("unknown CPU 'lost.yaml'; known: broadwell, cascade-lake, haswell, ");
    }

    @Test
    void aProfileOfOnesOwnIsLoadedByItsPath(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("mine.yaml");
        Files.writeString(file, shipped("zen3").replace("AMD Zen 3", "Mine"));
        CpuProfile mine = CpuProfile.load(file.toString());
        assertThat(mine.name()).isEqualTo("mine");
        assertThat(mine.title()).startsWith("Mine");
        assertThat(mine.prices().mid())
                .isEqualTo(CpuProfile.load("zen3").prices().mid());
    }

    @Test
    void everythingWrongWithAProfileIsToldAtOnce() throws IOException {
        String text = shipped("skylake-sp")
                .replace("gigahertz: {value: 2.1,", "gigahertz: {value: 21,")
                .replace("vulnerable_to: [meltdown,", "vulnerable_to: [metldown,")
                .replace("cr3_write_flush: {mid: 230, unit: cycles,", "cr3_write_flush: {mid: 230, unit: clocks,")
                .replace("pte_write: {low: 10,", "pte_write: {low: 50,")
                .replace("source: lutomirski}", "source: lutomirsky}")
                .replaceAll("(?s)  rsb_fill: .*?\\n  ipi_send", "  rsb_fil: {}\n  ipi_send")
                .replace("was: verified, source: torvalds", "was: estimate, source: torvalds")
                .replace("l1d_flush: {mid: 1950,", "l1d_flush: {mid: 1950, low: 1900,")
                .replace("entries: 1536, ways: 12, index: xor", "entries: 1536, ways: 13, indx: xor");
        assertThat(catchThrowableOfType(
                                BadYaml.class,
                                () -> CpuProfileFile.read(
                                        "x", "x.yaml", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))))
                        .problems()
                        .stream()
                        .map(problem -> problem.replaceFirst("^x.yaml:[0-9]+:[0-9]+: ", "")))
                .containsExactly(
                        "expected a number from 0.1 to 10 for 'gigahertz.value', found '21'",
                        "expected one of meltdown, l1tf, mds, taa, mmio_stale_data, spectre_v2, retbleed, its, srso, tsa,"
                                + " vmscape for 'features.vulnerable_to[0]', found 'metldown'; did you mean 'meltdown'?",
                        "no price comes from the source 'lutomirski'; remove it",
                        "expected the key 'prices.rsb_fill', found none; add it",
                        "expected one of cycles, ns for 'prices.cr3_write_flush.unit', found 'clocks'",
                        "'lutomirsky' is not among the sources; did you mean 'lutomirski'?",
                        "'lutomirsky' is not among the sources; did you mean 'lutomirski'?",
                        "a price is borrowed where it was verified, derived or recalled; estimate it here",
                        "'prices.pte_write': expected 0 < low <= mid <= high, found 50.0, 40.0, 280.0",
                        "expected the key 'prices.l1d_flush.high', found none; add it",
                        "expected the key 'prices.l1d_flush.range', found none; add it",
                        "unknown key 'prices.rsb_fil'; did you mean 'prices.rsb_fill'?",
                        "'geometry.second[0]': 13 ways do not divide 1536 entries",
                        "unknown key 'geometry.second[0].indx'; did you mean 'geometry.second[0].index'?");
    }

    @Test
    void profilesAreFoundInAJarAsInAFolder(@TempDir Path folder) throws IOException {
        Path jar = folder.resolve("lib with blanks.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (String entry : List.of("cpu/", "cpu/b.yaml", "cpu/a.yaml", "cpu/readme.txt", "other/c.yaml")) {
                out.putNextEntry(new JarEntry(entry));
                out.closeEntry();
            }
        }
        assertThat(CpuProfile.names(URI.create("jar:" + jar.toUri() + "!/cpu/").toURL()))
                .containsExactly("a", "b");
        Path plain = Files.createDirectories(folder.resolve("with blanks/cpu"));
        Files.writeString(plain.resolve("b.yaml"), "");
        Files.writeString(plain.resolve("a.yaml"), "");
        Files.writeString(plain.resolve("c.txt"), "");
        assertThat(CpuProfile.names(plain.toUri().toURL())).containsExactly("a", "b");
    }

    /**
     * Baseline 10 flushing writes (derived), strategy 10 + 30 of them and 2 fault handlers (estimate), at 230 and 300 cycles:
     * 6900 derived, 600 estimate. Whatever is drawn, the two are all there is.
     */
    @Test
    void theSummarySaysOnWhatTheResultsRest() {
        CpuProfile cpu = CpuProfile.load("skylake-sp");
        Comparison.Strategy baseline = strategy(row("cr3_write_flush", 10));
        Comparison.Strategy other =
                strategy(row("cr3_write_flush", 20), row("cr3_write_flush", 20), row("fault_handler", 2));
        Comparison.Workload workload = new Comparison.Workload("w", null, List.of(baseline, other), List.of());
        Comparison.Cpu summary = cpu.summary(List.of(workload), 1 << 10, 1);
        assertThat(summary.name()).isEqualTo("skylake-sp");
        assertThat(summary.title()).isEqualTo("Intel Skylake-SP (Xeon Platinum 8160, 2017)");
        assertThat(summary.gigahertz()).isEqualTo(2.1);
        assertThat(summary.priceSources()).containsOnlyKeys("derived", "estimate");
        Figure.Estimate derived = summary.priceSources().get("derived");
        Figure.Estimate estimate = summary.priceSources().get("estimate");
        assertThat(derived.value()).isCloseTo(92, within(1e-9));
        assertThat(estimate.value()).isCloseTo(8, within(1e-9));
        assertThat(derived.low()).isBetween(70.0, 92.0);
        assertThat(derived.low() + estimate.high()).isCloseTo(100, within(1e-9));
        assertThat(derived.high() + estimate.low()).isCloseTo(100, within(1e-9));
        assertThat(summary.translation().get("second"))
                .containsExactly("4 KiB + 2 MiB: 1536 entries, 12-way", "1 GiB: 16 entries, 4-way");
        assertThat(cpu.summary(List.of(), 64, 1).priceSources()).isEmpty();
    }

    private static Comparison.Strategy strategy(Comparison.LedgerRow... rows) {
        return new Comparison.Strategy("s", Map.of(), List.of(), List.of(rows), List.of());
    }

    private static Comparison.LedgerRow row(String operation, long count) {
        return new Comparison.LedgerRow(
                "syscall",
                operation,
                Operation.valueOf(operation.toUpperCase(Locale.ROOT)).price(),
                count,
                Figure.Estimate.exact(count));
    }

    private static String shipped(String name) throws IOException {
        try (var in = Operation.class.getResourceAsStream("/tollgate/replay/cpu/" + name + ".yaml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

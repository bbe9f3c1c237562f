package tollgate.replay.mmu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import tollgate.ingest.Input;
import tollgate.replay.pages.PageTrace;

/** The fast MMU and the plain one give the same outcome for each access of measured streams, with all their caches. */
final class StreamAgreementTest {
    private static final List<String> POLICIES = List.of(
            "pti_off_nopcid",
            "pti_off_pcid",
            "pti_on_pcid",
            "pti_on_nopcid",
            "full_flush_entry_exit",
            "pti_off_pcid_4k",
            "pti_on_pcid_4k",
            "pti_on_nopcid_4k",
            "full_flush_entry_exit_4k");

    @Test
    void aShippedStreamGivesTheSameOutcomes() throws IOException {
        Path traces = GroundTruthTest.shipped().resolve("traces");
        agree(traces, "micro_getpid.pti_on", GeometryFile.of("skylake-sp"));
    }

    /** Hours of one core for all CPUs: {@code -Dtollgate.cpus=skylake-sp,zen3} names those to run. */
    @Test
    @EnabledIfSystemProperty(named = "tollgate.shared", matches = ".+")
    void allStreamsGiveTheSameOutcomes() throws IOException {
        Path traces = Path.of(System.getProperty("tollgate.shared"), "footprints", "traces");
        List<String> streams;
        try (Stream<Path> files = Files.list(traces)) {
            streams = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".pgt.zst"))
                    .map(name -> name.substring(0, name.length() - ".pgt.zst".length()))
                    .sorted()
                    .toList();
        }
        for (String cpu : System.getProperty("tollgate.cpus", "skylake-sp").split(",")) {
            long accesses = 0;
            for (String stream : streams) {
                accesses += agree(traces, stream, GeometryFile.of(cpu));
            }
            System.out.printf("%s: %,d accesses with the same outcome%n", cpu, accesses);
        }
    }

    /** Each policy has machines of its own, so they can run beside each other. Returns the accesses compared. */
    private static long agree(Path traces, String stream, Geometry geometry) throws IOException {
        List<BothMmus> machines = POLICIES.parallelStream()
                .map(policy -> run(traces, stream, policy, geometry))
                .collect(Collectors.toList());
        assertThat(machines)
                .as(stream + " on " + geometry.cpu())
                .allSatisfy(both -> assertThat(both.firstDisagreement()).isEmpty())
                .allSatisfy(both -> assertThat(both.accesses()).isPositive());
        return machines.stream().mapToLong(both -> both.accesses()).sum();
    }

    private static BothMmus run(Path traces, String stream, String policy, Geometry geometry) {
        BothMmus both = new BothMmus(new Mmu(geometry), new PlainMmu(geometry));
        try (Input input = Input.of(traces.resolve(stream + ".pgt.zst"))) {
            PageTrace.read(input, new ReferenceModel(policy, ReferenceModel.EntryText.of(stream), both));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return both;
    }
}

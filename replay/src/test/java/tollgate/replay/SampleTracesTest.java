package tollgate.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.ingest.Batch;
import tollgate.ingest.Formats;
import tollgate.ingest.Input;
import tollgate.ingest.Recording;
import tollgate.ingest.Sidecar;
import tollgate.replay.pages.Footprints;
import tollgate.replay.pages.PageStream;

/** All strategies over all shipped recordings (the first events of each): what must hold for any, and what is known of some. */
class SampleTracesTest {
    /** Enough for hundreds of entries, switches and exits of each; the whole is replayed by the README's main job. */
    private static final long EVENTS = 10_000;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis.perf.txt.zst",
                "nginx.perf.txt.zst",
                "gcc-make.perf.txt.zst",
                "netns.perf.txt.zst",
                "kvm-amd.perf.data.zst",
                "kvm-intel.trace.dat.zst"
            })
    void everyStrategyKeepsTheContractAndTheKnownRelations(String file) throws IOException {
        List<Lane> lanes = replay(Path.of("..", "traces", file));
        Lane baseline = named(lanes, "baseline");
        for (Lane lane : lanes) {
            String name = lane.strategy().name();
            assertThat(entries(lane)).as(name + ": entries").isEqualTo(entries(baseline));
            assertThat(lane.spacesEntered() - lane.spacesLeft())
                    .as(name + ": spaces still live, of at most two CPUs")
                    .isBetween(0L, 2L);
            for (int i = 0; i < Operation.count(); i++) {
                long sum = 0;
                for (int segment = 0; segment < lane.segments().size(); segment++) {
                    sum += lane.segments().count(segment, Operation.of(i));
                }
                assertThat(sum)
                        .as(name + ": " + Operation.of(i))
                        .isEqualTo(lane.ledger().count(Operation.of(i)));
            }
        }
        assertThat(walks(named(lanes, "kpti-nopcid")))
                .as("KPTI without PCID walks more than with")
                .isGreaterThan(walks(named(lanes, "kpti")));
        assertThat(flushes(named(lanes, "asi-2025")))
                .as("the 2025 framework flushes more than itself with noflush")
                .isGreaterThan(flushes(named(lanes, "asi-2025(noflush=true)")));
        assertThat(spaces(named(lanes, "kvm-asi(per_vm=true)")))
                .as("a space for each VM is entered no less often than one for all")
                .isGreaterThanOrEqualTo(spaces(named(lanes, "kvm-asi")));
        assertThat(count(named(lanes, "sci"), Operation.FAULT))
                .as("mappings kept across calls save SCI faults")
                .isGreaterThanOrEqualTo(count(named(lanes, "sci(keep=true)"), Operation.FAULT));
        assertThat(count(named(lanes, "netns(namespaces=50)"), Operation.PTE_WRITE))
                .as("namespace tables cost more the more there are")
                .isGreaterThanOrEqualTo(count(named(lanes, "netns"), Operation.PTE_WRITE));
    }

    private static List<Lane> replay(Path trace) throws IOException {
        List<String> names = new java.util.ArrayList<>(
                Strategies.all().stream().map(Blueprint::name).toList());
        names.addAll(List.of(
                "asi-2025(noflush=true)",
                "kvm-asi(per_vm=true)",
                "sci(keep=true)",
                "netns(namespaces=50)",
                "kpti+kvm-asi"));
        List<Lane> lanes = names.stream()
                .map(name -> new Lane(Strategies.parse(name), HandWorkedTraceTest.machine()))
                .toList();
        try (Input input = Input.of(trace);
                Recording recording = Formats.recognise(input).open(input)) {
            PageStream pages = new PageStream(Footprints.shipped(), 1)
                    .withEssentials(HandWorkedTraceTest.machine().geometry(), Lane.unmapped(lanes));
            Timeline timeline = new Timeline(recording.names(), Sidecar.NONE, pages);
            Steps steps = new Steps(1 << 18);
            Batch batch = new Batch();
            while (timeline.facts().events() < EVENTS && recording.read(batch)) {
                timeline.accept(batch, steps);
                lanes.forEach(lane -> lane.run(steps));
                steps.clear();
            }
            timeline.finish(steps);
            lanes.forEach(lane -> lane.run(steps));
            lanes.forEach(Lane::finish);
        }
        return lanes;
    }

    private static Lane named(List<Lane> lanes, String name) {
        return lanes.stream()
                .filter(lane -> lane.strategy().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static long entries(Lane lane) {
        long sum = 0;
        for (int row = 0; row < lane.ledger().rows(); row++) {
            sum += lane.ledger().entries(row);
        }
        return sum;
    }

    private static long walks(Lane lane) {
        return count(lane, Operation.WALK) + count(lane, Operation.WALK_USER);
    }

    private static long flushes(Lane lane) {
        return count(lane, Operation.CR3_WRITE_FLUSH);
    }

    private static long spaces(Lane lane) {
        return lane.spacesEntered();
    }

    private static long count(Lane lane, Operation operation) {
        return lane.ledger().count(operation);
    }
}

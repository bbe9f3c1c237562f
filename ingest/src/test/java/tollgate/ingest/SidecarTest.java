package tollgate.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tollgate.ingest.yaml.BadYaml;
import tollgate.ingest.yaml.Doc;
import tollgate.ingest.yaml.Yaml;

class SidecarTest {
    private static final String FULL = """
            description: Redis 7.0, 50 clients over loopback
            workload:
              comm: [redis-server]
              pid: [1200, 1201]
              tid: [1305]
              cgroup: [/lc]
              netns: [web]
              exclude: {comm: [bio_aof], tid: [1202]}
            region: {from: 120ms, to_stamp: 1297.607198}
            clock: none
            tsc_khz: 2600000
            smt: [[0, 2], [1, 3]]
            recorded:
              kernel: 6.18
              cpu: Intel Xeon, 2.6 GHz
              tool: perf 6.1
              in_vm: true
              mitigations: {pti: off, spectre_v2: "Mitigation: Enhanced IBRS"}
            cgroups:
              /lc: {comm: [redis-benchmark]}
            namespaces:
              web: {inode: 0xf0000151, comm: [nginx]}
              db: {pid: [77]}
            tenants:
              shop: {comm: [nginx], distrusts: [ads]}
              ads: {netns: [db]}
              batch: {tid: [9]}
            """;

    @Test
    void insideAnotherDocumentItReadsTheSame() throws IOException {
        Doc study = Yaml.parse("study.yaml", "traces:\n  - sidecar:\n" + FULL.indent(6));
        Sidecar inline = SidecarFile.of(study.list("traces").get(0).doc().doc("sidecar"));
        study.finish();
        assertThat(inline).isEqualTo(read(FULL));
    }

    @Test
    void insideAnotherDocumentItsProblemsHaveThatDocumentsPlaces() {
        Doc study = Yaml.parse("study.yaml", """
                title: night
                sidecar:
                  clok: none
                  smt: [[0, 0]]
                """);
        study.string("title");
        SidecarFile.of(study.doc("sidecar"));
        assertThatThrownBy(study::finish)
                .isInstanceOf(BadYaml.class)
                .hasMessage("study.yaml:3:3: unknown key 'sidecar.clok'; did you mean 'sidecar.clock'?\n"
                        + "study.yaml:4:13: CPU 0 belongs to two cores; keep one");
    }

    @Test
    void everyFieldIsReadAsWritten() throws IOException {
        Sidecar sidecar = read(FULL);
        assertThat(sidecar.description()).isEqualTo("Redis 7.0, 50 clients over loopback");
        assertThat(sidecar.workload())
                .isEqualTo(new Selection(
                        Set.of("redis-server", "redis-benchmark", "nginx"),
                        Set.of(1200, 1201),
                        Set.of(1305),
                        Set.of(0xf0000151L)));
        assertThat(sidecar.excluded()).isEqualTo(new Selection(Set.of("bio_aof"), Set.of(), Set.of(1202), Set.of()));
        assertThat(sidecar.stretch())
                .isEqualTo(new Stretch(Stretch.Moment.after(120_000_000), Stretch.Moment.stamp(1_297_607_198_000L)));
        assertThat(sidecar.clock()).isEqualTo(Sidecar.Clock.NONE);
        assertThat(sidecar.tscKhz()).isEqualTo(2_600_000);
        assertThat(sidecar.siblings()).isEqualTo(List.of(List.of(0, 2), List.of(1, 3)));
        assertThat(sidecar.recorded())
                .isEqualTo(new Recorded(
                        "6.18",
                        "Intel Xeon, 2.6 GHz",
                        "perf 6.1",
                        Recorded.Fact.YES,
                        Recorded.Fact.NO,
                        Map.of("spectre_v2", "Mitigation: Enhanced IBRS")));
        assertThat(sidecar.namespaces())
                .isEqualTo(Map.of(
                        "web", new Selection(Set.of("nginx"), Set.of(), Set.of(), Set.of(0xf0000151L)),
                        "db", new Selection(Set.of(), Set.of(77), Set.of(), Set.of())));
        assertThat(sidecar.tenants().get("ads").tasks())
                .isEqualTo(new Selection(Set.of(), Set.of(77), Set.of(), Set.of()));
    }

    @Test
    void trustIsDirectedAndAllOthersAreDistrustedUnlessTold() throws IOException {
        Sidecar sidecar = read(FULL);
        assertThat(sidecar.tenants().get("shop").distrusts()).containsExactly("ads");
        assertThat(sidecar.tenants().get("ads").distrusts()).containsExactlyInAnyOrder("shop", "batch");
    }

    @Test
    void withoutASidecarAllIsSelectedButIdleAndTheRecorder() {
        assertThat(Sidecar.NONE.selects(17, 17, "redis-server")).isTrue();
        assertThat(Sidecar.NONE.selects(17, -1, "")).isTrue();
        assertThat(Sidecar.NONE.selects(0, 0, "swapper")).isFalse();
        for (String recorder : List.of("perf", "perf-exec", "trace-cmd", "strace")) {
            assertThat(Sidecar.NONE.selects(17, 17, recorder)).as(recorder).isFalse();
        }
    }

    @Test
    void aTaskIsSelectedByAnyListUnlessExcluded() throws IOException {
        Sidecar sidecar = read(FULL);
        assertThat(sidecar.selects(5, 5, "redis-server")).isTrue();
        assertThat(sidecar.selects(1203, 1200, "io_thd_1")).isTrue();
        assertThat(sidecar.selects(1305, 1300, "other")).isTrue();
        assertThat(sidecar.selects(5, 5, "redis-benchmark")).as("by cgroup").isTrue();
        assertThat(sidecar.selects(5, 5, "other", 0xf0000151L))
                .as("by namespace")
                .isTrue();
        assertThat(sidecar.selects(5, 5, "other", 0xf0000196L)).isFalse();
        assertThat(sidecar.selects(5, 5, "other")).isFalse();
        assertThat(sidecar.selects(1204, 1200, "bio_aof"))
                .as("excluded by comm")
                .isFalse();
        assertThat(sidecar.selects(1202, 1200, "io_thd_2"))
                .as("excluded by tid")
                .isFalse();
        assertThat(sidecar.selects(0, 0, "redis-server")).as("idle").isFalse();
    }

    @Test
    void aRecorderIsSelectedOnlyByName() throws IOException {
        Sidecar all = read("namespaces: {web: {inode: 7}}\nworkload: {netns: [web], pid: [40]}");
        assertThat(all.selects(5, 5, "perf", 7)).isFalse();
        assertThat(all.selects(40, 40, "perf-exec", 7)).isTrue();
        assertThat(read("workload: {comm: [perf]}").selects(5, 5, "perf")).isTrue();
        assertThat(read("workload: {comm: [perf], exclude: {pid: [5]}}").selects(5, 5, "perf"))
                .isFalse();
    }

    @Test
    void momentsAreOnTheRecordingsClock() {
        assertThat(Stretch.Moment.after(5).at(100)).isEqualTo(105);
        assertThat(Stretch.Moment.stamp(5).at(100)).isEqualTo(5);
        assertThat(Stretch.WHOLE.from().at(100)).isEqualTo(100);
        assertThat(Stretch.WHOLE.to().at(100)).isEqualTo(Long.MAX_VALUE);
        assertThat(Stretch.WHOLE.to().at(-100)).isEqualTo(Long.MAX_VALUE - 100);
    }

    @Test
    void allProblemsAreTold() {
        assertThat(problems("""
                        workload:
                          comm: [a-name-of-16-byte]
                          netns: [wbe, lost]
                          cgroup: [/lc]
                          pid: [0, 5000000]
                        region: {from: 2s, to: 1s}
                        clock: unreal
                        smt: [[0, 1], [1, 1]]
                        recorded: {in_vm: maybe, mitigations: {pti: yes}}
                        namespaces: {web: {inode: -1}, db: {comms: [x]}}
                        tenants: {shop: {distrusts: [adds]}, ads: {}}
                        """))
                .containsExactly(
                        "s.yaml:2:10: a thread name has at most 15 bytes; Linux cut it to 'a-name-of-16-by'",
                        "s.yaml:3:11: 'wbe' is not described in this file; did you mean 'web'?",
                        "s.yaml:3:16: 'lost' is not described in this file; known: db, web",
                        "s.yaml:4:12: '/lc' is not described in this file; add it",
                        "s.yaml:5:9: expected a whole number from 1 to 4194304 for 'workload.pid[0]', found '0'",
                        "s.yaml:5:12: expected a whole number from 1 to 4194304 for 'workload.pid[1]', found '5000000'",
                        "s.yaml:6:9: the region ends where it begins or before; mend 'to'",
                        "s.yaml:7:8: expected one of real, none for 'clock', found 'unreal'; did you mean 'real'?",
                        "s.yaml:8:16: CPU 1 belongs to two cores; keep one",
                        "s.yaml:8:19: CPU 1 belongs to two cores; keep one",
                        "s.yaml:9:19: expected true or false for 'recorded.in_vm', found 'maybe'",
                        "s.yaml:9:45: expected one of on, off, unknown for 'recorded.mitigations.pti', found 'yes'",
                        "s.yaml:10:27: expected a whole number from 1 to 4294967295 for 'namespaces.web.inode', found '-1'",
                        "s.yaml:10:37: unknown key 'namespaces.db.comms'; did you mean 'namespaces.db.comm'?",
                        "s.yaml:11:30: 'adds' is not described in this file; did you mean 'ads'?");
    }

    @Test
    void workloadAndStretchAreReplacedAlone() throws IOException {
        Selection other = new Selection(Set.of("memcached"), Set.of(), Set.of(), Set.of());
        Stretch late = new Stretch(Stretch.Moment.after(7), Stretch.Moment.after(9));
        Sidecar sidecar = read(FULL).withWorkload(other).withStretch(late);
        assertThat(sidecar.workload()).isEqualTo(other);
        assertThat(sidecar.stretch()).isEqualTo(late);
        assertThat(sidecar.withWorkload(read(FULL).workload())
                        .withStretch(read(FULL).stretch()))
                .isEqualTo(read(FULL));
    }

    @Test
    void anEmptyRegionIsRefused() {
        assertThat(problems("region: {from: 1s, to: 1s}"))
                .containsExactly("s.yaml:1:9: the region ends where it begins or before; mend 'to'");
    }

    @Test
    void aMomentIsGivenOnce() {
        assertThat(problems("region: {from: 1s, from_stamp: 12.5, to_stamp: 1e3}"))
                .containsExactly(
                        "s.yaml:1:32: both 'from' and 'from_stamp' are given; keep one",
                        "s.yaml:1:48: expected a stamp in seconds such as 1297.607198 for 'region.to_stamp', found '1e3'");
    }

    @Test
    void theMostSpecialFileIsTheSidecar(@TempDir Path folder) throws IOException {
        Path recording = folder.resolve("redis.perf.txt.zst");
        assertThat(Sidecar.of(recording)).isSameAs(Sidecar.NONE);
        for (String name : List.of("redis.yaml", "redis.perf.yaml", "redis.perf.txt.yaml", "redis.perf.txt.zst.yaml")) {
            Files.writeString(folder.resolve(name), "description: " + name);
            assertThat(Sidecar.beside(recording)).contains(folder.resolve(name));
            assertThat(Sidecar.of(recording).description()).isEqualTo(name);
        }
        assertThat(Sidecar.candidates(folder.resolve(".hidden"))).containsExactly(folder.resolve(".hidden.yaml"));
    }

    private static Sidecar read(String text) throws IOException {
        return SidecarFile.read("s.yaml", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> problems(String text) {
        return catchThrowableOfType(BadYaml.class, () -> read(text)).problems();
    }

    @Test
    void usersVmsAndSizesOfMemoryAreDescribed() throws java.io.IOException {
        String yaml = "users: {www: {comm: [nginx]}}\nvms: {build: {pid: [47]}}\n"
                + "tenants: {site: {user: [www]}, ci: {vm: [build]}}\nmemory: {k_secret: 64KiB, g_oth: 24GiB}\n";
        Sidecar sidecar = SidecarFile.read(
                "x.yaml", new java.io.ByteArrayInputStream(yaml.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        assertThat(sidecar.tenants().get("site").tasks().comms()).containsExactly("nginx");
        assertThat(sidecar.tenants().get("ci").tasks().pids()).containsExactly(47);
        assertThat(sidecar.memory()).isEqualTo(java.util.Map.of("k_secret", 1L << 16, "g_oth", 24L << 30));
    }
}

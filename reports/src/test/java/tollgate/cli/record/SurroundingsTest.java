package tollgate.cli.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.analysis.CpuProfile;
import tollgate.ingest.Recorded;
import tollgate.ingest.Sidecar;
import tollgate.ingest.SidecarFile;

/** The sidecar holds what the machine says of itself, and reads back as the same facts. */
class SurroundingsTest {
    private static final Plan PLAN =
            new Plan("perf 6.1.2", "", List.of("perf"), List.of("a\nb"), Cost.PERF, false, true);

    private static Sidecar readBack(String description, Workload workload, Surroundings under) throws IOException {
        String text = SidecarText.of(description, "perf", workload, under, PLAN, List.of("perf", description));
        return SidecarFile.read("sidecar", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static Workload named(Set<String> comms) {
        return new Workload(comms, Set.of(), Set.of(), 1, 1, 1, 0);
    }

    @Test
    void whatTheMachineSaysReadsBack(@TempDir Path folder) throws IOException {
        MadeUpMachine machine = new MadeUpMachine(folder)
                .file("sys/devices/system/cpu/vulnerabilities/meltdown", "Mitigation: PTI\n")
                .file("sys/devices/system/cpu/vulnerabilities/mds", "Mitigation: Clear CPU buffers; SMT vulnerable\n")
                .file("sys/devices/system/cpu/cpu0/topology/thread_siblings_list", "0,2\n")
                .file("sys/devices/system/cpu/cpu2/topology/thread_siblings_list", "0,2\n")
                .file("sys/devices/system/cpu/cpu1/topology/thread_siblings_list", "1\n")
                .file("sys/devices/system/cpu/cpufreq/boost", "1\n");
        Files.createDirectories(machine.root.resolve("proc/self/ns"));
        Files.createSymbolicLink(machine.root.resolve("proc/self/ns/net"), Path.of("net:[4026531833]"));
        Surroundings under = Surroundings.of(machine.machine());

        Sidecar sidecar = readBack("make -j2", named(Set.of("make", "cc1")), under);

        assertThat(sidecar.description()).isEqualTo("make -j2");
        assertThat(sidecar.siblings()).containsExactly(List.of(0, 2), List.of(1));
        assertThat(sidecar.workload().comms()).containsExactlyInAnyOrder("make", "cc1");
        assertThat(sidecar.namespaces()).containsOnlyKeys("own");
        assertThat(sidecar.recorded())
                .isEqualTo(new Recorded(
                        "6.1.0-test",
                        "Intel(R) Xeon(R) Platinum 8160",
                        "perf 6.1.2",
                        Recorded.Fact.NO,
                        Recorded.Fact.YES,
                        Map.of(
                                "meltdown", "Mitigation: PTI",
                                "mds", "Mitigation: Clear CPU buffers; SMT vulnerable")));
        assertThat(under.choice()).isEqualTo(new CpuChoice("skylake-sp", true, "Skylake server"));
    }

    @Test
    void whatNobodySaysStaysUnknown(@TempDir Path folder) throws IOException {
        MadeUpMachine machine = new MadeUpMachine(folder).file("proc/cpuinfo", "processor\t: 0\n");
        Sidecar sidecar = readBack("", named(Set.of()), Surroundings.of(machine.machine()));
        assertThat(sidecar.recorded().pti()).isEqualTo(Recorded.Fact.UNKNOWN);
        assertThat(sidecar.recorded().inVm()).isEqualTo(Recorded.Fact.UNKNOWN);
        assertThat(sidecar.siblings()).isEmpty();
        assertThat(sidecar.workload().isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "Mitigation: PTI, fpu, YES",
        "Not affected, fpu, NO",
        "Not affected, fpu pti, YES",
        "Vulnerable, fpu, NO",
        "'Unknown (XEN PV detected, hypervisor mitigation required)', fpu, UNKNOWN"
    })
    void ptiFollowsFromTheFileOrTheFlag(String meltdown, String flags, Recorded.Fact pti, @TempDir Path folder)
            throws IOException {
        MadeUpMachine machine = new MadeUpMachine(folder)
                .file("proc/cpuinfo", "flags\t: " + flags + "\n")
                .file("sys/devices/system/cpu/vulnerabilities/meltdown", meltdown + "\n");
        Sidecar sidecar = readBack("", named(Set.of()), Surroundings.of(machine.machine()));
        assertThat(sidecar.recorded().pti()).isEqualTo(pti);
    }

    @ParameterizedTest
    @CsvSource({
        "GenuineIntel, 6, 85, 4, skylake-sp, true",
        "GenuineIntel, 6, 85, 7, cascade-lake, true",
        "GenuineIntel, 6, 85, 11, cascade-lake, false",
        "GenuineIntel, 6, 158, 13, skylake-client, false",
        "GenuineIntel, 6, 106, 6, ice-lake-sp, true",
        "GenuineIntel, 6, 143, 8, sapphire-rapids, true",
        "GenuineIntel, 6, 250, 0, sapphire-rapids, false",
        "AuthenticAMD, 23, 1, 2, zen1, true",
        "AuthenticAMD, 23, 49, 0, zen2, true",
        "AuthenticAMD, 25, 1, 1, zen3, true",
        "AuthenticAMD, 25, 17, 1, zen4, true",
        "AuthenticAMD, 26, 2, 1, zen4, false",
        "'', x, '', '', zen4, false"
    })
    void aCpuIsKnownByItsFamilyAndModel(
            String vendor, String family, String model, String stepping, String profile, boolean fits) {
        CpuChoice choice =
                CpuChoice.of(Map.of("vendor_id", vendor, "cpu family", family, "model", model, "stepping", stepping));
        assertThat(choice.profile()).isEqualTo(profile);
        assertThat(choice.fits()).isEqualTo(fits);
        assertThat(CpuProfile.all()).extracting(CpuProfile::name).contains(profile);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a\"b\\c",
                "tab\tand\nline",
                "\u00e9 \ud83d\ude00 \u2028",
                "# x: [y]",
                "'~",
                "\u0001\u007f",
                "on"
            })
    void anyTextReadsBack(String text) throws IOException {
        Surroundings under = new Surroundings(
                text,
                text,
                Optional.empty(),
                "off",
                Map.of("mds", text),
                List.of(),
                OptionalLong.empty(),
                new CpuChoice("zen4", true, ""));
        Sidecar sidecar = readBack(text, named(Set.of()), under);
        assertThat(sidecar.description()).isEqualTo(text);
        assertThat(sidecar.recorded().mitigations()).containsExactly(Map.entry("mds", text));
    }
}

package tollgate.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.analysis.ExposureMetric.*;

import java.util.Map;
import org.junit.jupiter.api.Test;
import tollgate.analysis.Exposed.Basis;
import tollgate.analysis.Figure.CannotTell;
import tollgate.analysis.Figure.Estimate;
import tollgate.replay.MemoryClass;
import tollgate.replay.Strategies;
import tollgate.replay.exposure.Neighbours;

/**
 * Every figure of exposure of a VMM with its guest and a process on the sibling, by hand.
 *
 * <pre>
 *   ns     CPU 0                                   KVM ASI          CPU 1
 *   100    task 1 taken                            full             task 2 taken, full
 *   200    VM entry                                guest            to user mode
 *   500    VM exit                                 kvm
 *   600    VM entry                                guest
 *   900    VM exit, touches others' data           full, since 900 or later
 *   1000   return to the VMM                       full
 *   1050   to user mode                            full
 *   1100   end
 * </pre>
 */
class ExposureFiguresTest {
    /** Level 1, 2 and 3: 1, 10 and 100 bytes of one class each, nothing else; none of it the tenant's own. */
    private static final Map<String, Long> SIZES = sizes();

    private static Map<String, Long> sizes() {
        Map<String, Long> sizes = new java.util.HashMap<>();
        tollgate.ingest.Sidecar.MEMORY.forEach(name -> sizes.put(name, 0L));
        sizes.put("k_data", 1L);
        sizes.put("u_oth", 10L);
        sizes.put("k_secret", 100L);
        return sizes;
    }

    private static Map<ExposureMetric, Exposed> of(String strategy, Neighbours neighbours, String noTime) {
        Played trace = new Played()
                .takes(0, 100, 1)
                .takes(1, 100, 2)
                .guest(0, 200, 1)
                .toUser(1, 200)
                .exit(0, 500, 1)
                .guest(0, 600, 1)
                .exit(0, 900, 1)
                .touch(MemoryClass.K_PROC_OTH)
                .toVmm(0, 1000)
                .toUser(0, 1050)
                .end(1100);
        return ExposureFigures.of(trace.under(Strategies.parse(strategy), neighbours), noTime, new MemorySizes(SIZES));
    }

    private final Map<ExposureMetric, Exposed> asi = of("kvm-asi", Played.siblings(), "");

    private static Estimate between(double low, double high) {
        return new Estimate(high, low, high);
    }

    @Test
    void timeInTheFullSpaceHasBoundsWhereItWasLeftAtAnUnknownMoment() {
        // CPU 0 full: 100-200, 1000-1100, perhaps 900-1000; kvm 500-600, perhaps 900-1000. CPU 1 full: 1000 ns.
        assertThat(asi.get(FULL_TIME).figure()).isEqualTo(between(100.0 * 1200 / 1400, 100.0 * 1300 / 1400));
        assertThat(asi.get(FULL_TIME).from()).isEqualTo("1200 to 1300 of 1400 ns");
        assertThat(asi.get(FULL_TIME).basis()).isEqualTo(Basis.BOUNDS);
        // Kernel: CPU 0 100-200, 500-600, 900-1050; CPU 1 100-200. Full for certain: 100, 50, 100.
        assertThat(asi.get(FULL_KERNEL_TIME).figure()).isEqualTo(between(100.0 * 250 / 450, 100.0 * 350 / 450));
        // The rest of 2000 ns, guest and all.
        assertThat(asi.get(IMMUNE_TIME).figure()).isEqualTo(new Estimate(35, 35, 40));
        assertThat(asi.get(EXITS_RESTRICTED).figure()).isEqualTo(Estimate.exact(50));
        assertThat(asi.get(EXITS_RESTRICTED).from()).isEqualTo("1 of 2");
    }

    @Test
    void windowsHaveCountAndLengths() {
        assertThat(asi.get(WINDOWS).figure()).isEqualTo(Estimate.exact(3)); // 100-200, 900-1100; CPU 1 100-1100
        assertThat(asi.get(WINDOW_MEDIAN).figure()).isEqualTo(Estimate.exact(200));
        assertThat(asi.get(WINDOW_LONGEST).figure()).isEqualTo(Estimate.exact(1000));
    }

    @Test
    void bytesInReachAreTimeTimesSize() {
        // Found through L1D by somebody later: CPU 0 100-200 and 500-600 by its guest, 900-1050 by its user code; CPU
        // 1's
        // 100-200 by its user code. Keys are mapped in the full space only: 100 + 50 + 100 ns, and 100 that may have
        // been.
        // Its guest looked at 200 and 600, its user code at 1050; nothing is flushed.
        assertThat(asi.get(THREAD_KEYS).figure()).isEqualTo(between(250 * 100 / 1e9, 350 * 100 / 1e9));
        assertThat(asi.get(THREAD_TENANT).figure()).isEqualTo(between(250 * 10 / 1e9, 350 * 10 / 1e9));
        // Static data are mapped everywhere: 100 + 100 + 150 + 100 ns.
        assertThat(asi.get(THREAD_LAYOUT).figure()).isEqualTo(between(450 / 1e9, 450 / 1e9));
        assertThat(asi.get(THREAD_KEYS).basis()).isEqualTo(Basis.STATED_SIZES);
        // Beside the sibling's user code, 200-1100, the kernel ran on CPU 0 500-600 on kvm, 900-1000 perhaps,
        // 1000-1050.
        assertThat(asi.get(SIBLING_KEYS_BYTES).figure()).isEqualTo(between(50 * 100 / 1e9, 150 * 100 / 1e9));
        assertThat(asi.get(SIBLING_LAYOUT_BYTES).figure()).isEqualTo(between(250 / 1e9, 250 / 1e9));
        // U_OTH and K_SECRET were mapped while user code ran.
        assertThat(asi.get(NEVER_MAPPED).figure()).isEqualTo(Estimate.exact(0));
        assertThat(asi.get(NEVER_MAPPED).from()).isEqualTo("0 to 0 of 110 bytes");
    }

    @Test
    void whatNoSpaceMapsWhereSomebodyLooksIsNeverMapped() {
        // asi-2025 leaves U_OTH out of its restricted spaces and maps keys; kpti maps all while the kernel runs.
        assertThat(of("kpti", Played.siblings(), "").get(NEVER_MAPPED).figure()).isEqualTo(Estimate.exact(0));
        Played quiet = new Played()
                .takes(0, 100, 1)
                .toUser(0, 100)
                .call(0, 200)
                .toUser(0, 300)
                .end(400);
        Map<ExposureMetric, Exposed> figures = ExposureFigures.of(
                quiet.under(Strategies.parse("asi-2025"), Played.siblings()), "", new MemorySizes(SIZES));
        assertThat(figures.get(NEVER_MAPPED).from()).isEqualTo("10 to 10 of 110 bytes");
    }

    @Test
    void withoutSiblingsInTheRecordingTheWorstIsAssumed() {
        Map<ExposureMetric, Exposed> alone = of("kvm-asi", Neighbours.NONE, "");
        assertThat(alone.get(STUNS).figure()).isEqualTo(new Estimate(3, 0, 3)); // one a window
        assertThat(alone.get(STUNS).basis()).isEqualTo(Basis.ASSUMED_SIBLING);
        // 250 ns for certain and 100 perhaps, beside another tenant's code at all times or never.
        assertThat(alone.get(SIBLING_KEYS_BYTES).figure()).isEqualTo(between(0, 350 * 100 / 1e9));
        assertThat(alone.get(SIBLING_KEYS_BYTES).basis()).isEqualTo(Basis.ASSUMED_SIBLING);
        assertThat(alone.get(STUNNED).figure()).isEqualTo(Estimate.exact(0)); // none is asked for
    }

    @Test
    void withoutAClockCountsAreToldAndTimesAreNot() {
        Map<ExposureMetric, Exposed> figures = of("kvm-asi", Played.siblings(), "no clock");
        assertThat(figures.get(FULL_TIME).figure()).isEqualTo(new CannotTell("no clock"));
        assertThat(figures.get(THREAD_KEYS).figure()).isEqualTo(new CannotTell("no clock"));
        assertThat(figures.get(FULL_TIME).basis()).isEqualTo(Basis.NOTHING);
        assertThat(figures.get(FULL_TIME).from()).isEmpty();
        assertThat(figures.get(WINDOWS).figure()).isEqualTo(Estimate.exact(3));
        assertThat(figures.keySet()).containsExactly(ExposureMetric.values());
    }

    @Test
    void handOversAreCountedByWhatWasLeft() {
        assertThat(asi.get(HANDOVERS).figure()).isEqualTo(Estimate.exact(4)); // two VM entries, user mode on each CPU
        assertThat(asi.get(L1D_HANDOVERS).figure()).isEqualTo(Estimate.exact(4));
        Map<ExposureMetric, Exposed> flushed = of("l1d-flush(mode=always)", Played.siblings(), "");
        assertThat(flushed.get(L1D_HANDOVERS).figure()).isEqualTo(Estimate.exact(2)); // not the VM entries
    }
}

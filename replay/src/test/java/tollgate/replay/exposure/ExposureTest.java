package tollgate.replay.exposure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static tollgate.replay.exposure.Channel.BUFFERS;
import static tollgate.replay.exposure.Channel.L1D;
import static tollgate.replay.exposure.Mode.GUEST;
import static tollgate.replay.exposure.Mode.KERNEL;
import static tollgate.replay.exposure.Mode.USER;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tollgate.ingest.Recorded;
import tollgate.ingest.Selection;
import tollgate.ingest.Sidecar;
import tollgate.ingest.Stretch;
import tollgate.ingest.Tenant;
import tollgate.replay.Clocked;
import tollgate.replay.Contradiction;
import tollgate.replay.MemoryClass;
import tollgate.replay.Operation;
import tollgate.replay.Strategy;

/**
 * A guest, its VMM and a neighbour on the other thread of the core, every figure worked out by hand.
 *
 * <pre>
 *   ns     CPU 0 (task 1, its VM)          KVM ASI, L1D flush cond    CPU 1 (task 2)
 *   100    taken                           full                       taken, full
 *   150                                                               to user mode
 *   200    VM entry                        guest
 *   500    VM exit                         kvm
 *   600    VM entry                        guest
 *   700                                                               system call
 *   760                                                               to user mode
 *   900    VM exit                         kvm
 *   950    timer interrupt                 full: window
 *   980    returns
 *   1000   VM entry, L1D flushed           guest
 *   1300   VM exit, then an unmapped touch full, from when is unknown
 *   1400   return to the VMM               full
 *   1450   to user mode                    full
 *   1600   ioctl                           full
 *   1700   VM entry, L1D flushed           guest
 *   2000   end
 * </pre>
 */
class ExposureTest {
    private static final int FULL = 0;
    private static final int KVM = 1;
    private static final int GUESTS = 2;
    private static final int UNCERTAIN = 3;

    private static Clocked trace() {
        return new Clocked()
                .takes(0, 100, 1)
                .takes(1, 100, 2)
                .toUser(1, 150)
                .guest(0, 200, 1)
                .exit(0, 500, 1)
                .guest(0, 600, 1)
                .call(1, 700)
                .exit(0, 900, 1)
                .interrupt(0, 950)
                .back(0, 980)
                .toUser(1, 760) // late, as the timeline tells it
                .guest(0, 1000, 1)
                .exit(0, 1300, 1)
                .touch(MemoryClass.K_PROC_CUR)
                .toVmm(0, 1400)
                .toUser(0, 1450)
                .call(0, 1600)
                .guest(0, 1700, 1)
                .end(2000);
    }

    private static final Neighbours SIBLINGS = siblings(Map.of());

    private static Neighbours siblings(Map<String, Tenant> tenants) {
        return Neighbours.of(new Sidecar(
                "",
                Selection.NONE,
                Selection.NONE,
                Stretch.WHOLE,
                Sidecar.Clock.REAL,
                0,
                List.of(List.of(0, 1)),
                Recorded.UNKNOWN,
                Map.of(),
                tenants));
    }

    private final Exposure asi = trace().under("kvm-asi(l1d_flush=cond)", SIBLINGS);
    private final Account asiWorkload = asi.workload();

    @Test
    void timeIsAddedUpBySpaceAndMode() {
        // CPU 0: 100-200, 950-1000, 1400-1450, 1600-1700; CPU 1: 100-150, 700-760
        assertThat(asiWorkload.nanos(KERNEL, FULL)).isEqualTo(100 + 50 + 50 + 100 + 50 + 60);
        assertThat(asiWorkload.nanos(KERNEL, KVM)).isEqualTo(100 + 50); // 500-600, 900-950
        assertThat(asiWorkload.nanos(KERNEL, UNCERTAIN)).isEqualTo(100); // 1300-1400
        assertThat(asiWorkload.nanos(GUEST, GUESTS)).isEqualTo(4 * 300);
        assertThat(asiWorkload.nanos(USER, FULL)).isEqualTo(150 + 550 + 1240);
        assertThat(asiWorkload.nanos(USER) + asiWorkload.nanos(KERNEL) + asiWorkload.nanos(GUEST))
                .isEqualTo(2 * 1900);
        assertThat(asi.uncertainNanos(asiWorkload)).isEqualTo(100);
        assertThat(asi.rest().hostNanos()).isZero();
    }

    @Test
    void busyTimeThatTheMeterDidNotSeeIsAContradiction() {
        assertThatCode(() -> asi.requireBusy(2 * 1900)).doesNotThrowAnyException();
        assertThatThrownBy(() -> asi.requireBusy(2 * 1900 + 1))
                .isInstanceOf(Contradiction.class)
                .hasMessage("kvm-asi(l1d_flush=cond): exposure by the end of the trace, time 2000 ns:"
                        + " all modes of the workload: 3800 ns; it was busy for: 3801 ns");
    }

    @Test
    void windowsHaveLengthsAndCauses() {
        // CPU 0: 100-200 since it was taken, 950-1000 by the interrupt, 1300-1700 by the touch; CPU 1: 100-2000
        Windows windows = asiWorkload.windows();
        assertThat(openings(windows))
                .isEqualTo(Map.of("context switch", "2: 2000", "interrupt", "1: 50", "touch of k proc cur", "1: 400"));
        assertThat(windows.count()).isEqualTo(4);
        assertThat(windows.nanos()).isEqualTo(100 + 50 + 400 + 1900);
        assertThat(windows.longest()).isEqualTo(1900);
        assertThat(windows.percentile(50)).isEqualTo(100);
        assertThat(windows.throughUser()).isEqualTo(2); // the VMM's, CPU 1's
        assertThat(windows.instants()).isZero();
    }

    @Test
    void exitsServedOnTheRestrictedSpaceAreCounted() {
        // exits at 500, 900, 1300: the second is interrupted, the third touches what is not mapped
        assertThat(asiWorkload.guestExits()).isEqualTo(3);
        assertThat(asiWorkload.restrictedExits()).isEqualTo(1);
        Account baseline = trace().under("baseline", SIBLINGS).workload();
        assertThat(baseline.guestExits()).isEqualTo(3);
        assertThat(baseline.restrictedExits()).isZero();
    }

    @Test
    void whatIsFlushedBeforeAnybodyLooksIsNotArmed() {
        // CPU 0 full: 100-200 its guest looks; 950-1000 and 1600-1700 flushed; 1400-1450 its user code; 1450-1600 that
        // itself.
        // CPU 1 full: all 1900, for its own user code. kvm: 500-600 the guest; 900-950 flushed.
        assertThat(armed(asi, L1D))
                .isEqualTo(Map.of(
                        "0 OWNER",
                        50L + 150 + 1900,
                        "0 OWN_GUEST",
                        100L,
                        "1 OWN_GUEST",
                        100L,
                        "2 OWN_GUEST",
                        1200L,
                        "3 OWNER",
                        100L));
        assertThat(armed(asi, BUFFERS)).isEqualTo(armed(asi, L1D)); // an L1D flush clears both
    }

    @Test
    void handOversRightAfterAFlushAreClean() {
        // To guest: 200, 600; 1000 and 1700 flushed. To user: 1450; CPU 1: 150, 760.
        HandOvers handOvers = asiWorkload.handOvers(L1D);
        assertThat(handOvers.count()).isEqualTo(7);
        assertThat(handOvers.clean()).isEqualTo(2);
        Map<String, Long> sets = new TreeMap<>();
        handOvers.visit(asi.spaces(), (viewers, count) -> sets.merge(Arrays.toString(viewers), count, Long::sum));
        assertThat(sets)
                .isEqualTo(Map.of(
                        "[null, null, null, null]",
                        2L,
                        "[OWN_GUEST, null, null, null]",
                        1L, // 200
                        "[OWN_GUEST, OWN_GUEST, OWN_GUEST, null]",
                        1L, // 600: nothing was flushed since 100
                        "[OWNER, null, OWNER, OWNER]",
                        1L, // 1450: since 1000 the guest, the stretch of the touch, the way to user mode
                        "[OWNER, null, null, null]",
                        2L)); // 150, 760
    }

    @Test
    void whatRunsBesideUntrustedCodeIsExposedToIt() {
        // CPU 1 is in user mode 150-700 and 760-2000. CPU 0 meanwhile:
        //   full 150-200, 950-1000, 1400-1700; uncertain 1300-1400; kvm 500-600, 900-950;
        //   guest 200-500, 600-700, 760-900, 1000-1300, 1700-2000.
        // CPU 0 is in its guest 4 x 300 and in user mode 1450-1600; CPU 1 is on the full space all the time.
        assertThat(beside(asi))
                .isEqualTo(Map.of(
                        "0 OTHER",
                        50L + 50 + 300 + 150,
                        "0 OTHER_GUEST",
                        1200L,
                        "1 OTHER",
                        100L + 50,
                        "2 OTHER",
                        300L + 100 + 140 + 300 + 300,
                        "3 OTHER",
                        100L));
        assertThat(asiWorkload.knownBesideNanos()).isEqualTo(2 * 1900);
        // CPU 0's full space becomes live beside user code at 950 and 1300; CPU 1 would wait for it at 150,
        // CPU 0 for CPU 1's at 200, 600, 1000, 1700 (guest) and 1450 (user).
        assertThat(asiWorkload.stuns()).isEqualTo(2);
        assertThat(asiWorkload.guestStuns()).isZero();
        assertThat(asiWorkload.waits()).isEqualTo(6);
        assertThat(asiWorkload.guestWaits()).isEqualTo(4);
    }

    @Test
    void branchStateOfUntrustedCodeMeetsTheFullSpace() {
        // Entries at 500, 900, 1300, 1600; 700 on CPU 1. The one at 500 never leaves the restricted space.
        assertThat(asiWorkload.untrustedEntries()).isEqualTo(5);
        assertThat(asiWorkload.dirtyEntries()).isEqualTo(4);
        // 950-1000, 1300-1400 (it may have been), 1400-1450, 1600-1700; 700-760
        assertThat(asiWorkload.dirtyNanos()).isEqualTo(50 + 100 + 50 + 100 + 60);
        assertThat(asiWorkload.branchesToOthers()).isZero();
    }

    @Test
    void theBaselineIsExposedAllTheTime() {
        Exposure baseline = trace().under("baseline", SIBLINGS);
        assertThat(baseline.fullNanos(baseline.workload()))
                .isEqualTo(baseline.workload().hostNanos());
        assertThat(baseline.workload().handOvers(L1D).clean()).isZero();
        // CPU 0: 100-200, 500-600, 900-1000, 1300-1700; CPU 1: 100-2000
        assertThat(openings(baseline.workload().windows()))
                .isEqualTo(Map.of("context switch", "2: 2000", "VM exit", "3: 600"));
    }

    @Test
    void withoutSiblingsNothingIsExposedToThem() {
        Exposure nosmt = trace().under(with(Siblings.OFF), SIBLINGS);
        assertThat(beside(nosmt)).isEmpty();
        assertThat(nosmt.workload().stuns()).isZero();
    }

    @Test
    void tenantsThatShareACoreAreForcedIdle() {
        Exposure scheduled = trace().under(with(Siblings.ONE_TENANT), SIBLINGS);
        assertThat(beside(scheduled)).isEmpty();
        // Some untrusted code beside another tenant's: CPU 1 in user mode 150-700 and 760-2000, whatever CPU 0 runs;
        // beside CPU 1's system call 700-760 the guest.
        assertThat(scheduled.workload().forcedIdleNanos()).isEqualTo(550 + 1240 + 60);
    }

    @Test
    void aStunKeepsUntrustedCodeFromTheSibling() {
        Exposure stunned = trace().under(with(Siblings.STUNNED), SIBLINGS);
        // Under the baseline: beside CPU 0's exits and user time CPU 1's user mode, beside CPU 1 all of CPU 0's guest
        // and user
        assertThat(stunned.workload().stunnedNanos()).isEqualTo(50 + 100 + 100 + 400 + 1200 + 150);
        assertThat(beside(stunned)).isEqualTo(Map.of("1 OTHER", 1140L)); // guest beside user code
        Exposure guests = trace().under(with(Siblings.STUNNED_GUESTS), SIBLINGS);
        assertThat(guests.workload().stunnedNanos()).isEqualTo(1200);
    }

    @Test
    void whoTrustsIsNoOther() {
        Map<String, Tenant> tenants = Map.of(
                "ads", new Tenant("ads", Selection.NONE, java.util.Set.of("shop")),
                "shop", new Tenant("shop", Selection.NONE, java.util.Set.of()));
        // ads is tenant 1, shop 2; ads distrusts shop, shop distrusts nobody.
        Exposure exposure = new Clocked()
                .takes(0, 100, 1, 1)
                .takes(1, 100, 2, 2)
                .toUser(0, 200)
                .toUser(1, 200)
                .end(500)
                .under("baseline", siblings(tenants));
        // ads beside shop's user code: foreign to it; shop beside ads': not. 200-500 each.
        assertThat(beside(exposure)).isEqualTo(Map.of("0 OTHER", 300L, "0 OWNER", 300L));
        assertThat(exposure.tenants().rows().stream().map(Tenants.Row::name)).containsExactly("ads", "shop");
        assertThat(exposure.tenants().rows().get(0).nanosBySpace()[FULL]).isEqualTo(400);
    }

    @Test
    void theNextTenantFindsWhatTheLastOneLeft() {
        Clocked trace = new Clocked()
                .takes(0, 100, 1)
                .toUser(0, 200)
                .call(0, 300)
                .takes(0, 340, 2)
                .toUser(0, 400)
                .end(500);
        // Task 1: kernel 100-200 and user 200-300, armed for itself until task 2 comes at 400 and more of it is
        // foreign;
        // its call 300-340 only then. Task 2: kernel 340-400, user 400-500, armed for itself.
        assertThat(armed(trace.under("baseline", SIBLINGS), L1D)).isEqualTo(Map.of("0 OTHER", 240L, "0 OWNER", 160L));
        // With the branch predictor flushed at the switch nobody finds the other's branches.
        assertThat(trace.under("baseline", SIBLINGS).workload().branchesToOthers())
                .isEqualTo(1);
        Strategy ibpb = Strategy.named("ibpb", "", tollgate.replay.View.everything())
                .on(tollgate.replay.Crossing.SWITCH, Strategy.charge(Operation.IBPB))
                .build();
        assertThat(trace.under(ibpb, SIBLINGS).workload().branchesToOthers()).isZero();
        // VERW at each return clears buffers, not the cache.
        Strategy verw = Strategy.named("verw", "", tollgate.replay.View.everything())
                .on(tollgate.replay.Crossing.USER_RETURN, Strategy.charge(Operation.VERW))
                .build();
        Exposure cleared = trace.under(verw, SIBLINGS);
        assertThat(armed(cleared, L1D)).isEqualTo(Map.of("0 OTHER", 240L, "0 OWNER", 160L));
        assertThat(armed(cleared, BUFFERS)).isEqualTo(Map.of("0 OWNER", 200L)); // user code while it runs itself
        assertThat(cleared.workload().handOvers(BUFFERS).clean()).isEqualTo(2);
        assertThat(cleared.workload().handOvers(L1D).clean()).isZero();
    }

    @Test
    void idleTimeIsNobodysButItsInterruptsRunTheKernel() {
        Exposure exposure = new Clocked()
                .idles(0, 100)
                .interrupt(0, 200)
                .back(0, 250)
                .takesOther(0, 400, 1)
                .takes(0, 450, 2)
                .end(500)
                .under("baseline", SIBLINGS);
        assertThat(exposure.rest().nanos(Mode.IDLE)).isEqualTo(100 + 150);
        assertThat(exposure.rest().nanos(KERNEL)).isEqualTo(50 + 50);
        assertThat(exposure.workload().nanos(KERNEL)).isEqualTo(50);
        // A window ends at the way to another account: 200-250, 400-450 | 450-500
        assertThat(openings(exposure.rest().windows()))
                .isEqualTo(Map.of("interrupt", "1: 50", "context switch", "1: 50"));
        assertThat(openings(exposure.workload().windows())).isEqualTo(Map.of("context switch", "1: 50"));
    }

    @Test
    void afterLossNothingCountsUntilASwitch() {
        Exposure exposure = new Clocked()
                .takes(0, 100, 1)
                .toUser(0, 200)
                .loses(0, 300)
                .call(0, 400)
                .toUser(0, 420)
                .takes(0, 600, 2)
                .end(700)
                .under("kpti", SIBLINGS);
        assertThat(exposure.workload().hostNanos()).isEqualTo(200 + 100);
        assertThat(exposure.workload().windows().nanos()).isEqualTo(100 + 100);
        assertThat(exposure.workload().handOvers(L1D).count()).isEqualTo(1);
    }

    @Test
    void pagesMappedOneByOneAreCountedWhileTheyAreMapped() {
        Exposure exposure = new Clocked()
                .takes(0, 100, 1)
                .toUser(0, 200)
                .call(0, 300)
                .touch(MemoryClass.K_DATA) // level 1, nobody's own
                .touch(MemoryClass.PC_OTH) // level 2
                .touch(MemoryClass.K_PROC_CUR) // the task's own
                .interrupt(0, 350)
                .back(0, 360)
                .toUser(0, 400)
                .end(500)
                .under("sci", SIBLINGS);
        // Mapped from the touch, taken to be at 300, until the call returns at 400; during the interrupt they stay
        // mapped.
        assertThat(exposure.workload().pageNanos(1)).isEqualTo(100);
        assertThat(exposure.workload().pageNanos(2)).isEqualTo(100);
        assertThat(exposure.workload().pageNanos(3)).isZero();
        // Each touch opens a window for which the recording has no time; the interrupt runs on the full space, as does
        // all that is no system call.
        assertThat(openings(exposure.workload().windows()))
                .isEqualTo(Map.of(
                        "context switch",
                        "1: 200", // 100-300
                        "interrupt",
                        "1: 10",
                        "return to user mode",
                        "1: 100",
                        "touch of k data",
                        "1: 0",
                        "touch of pc oth",
                        "1: 0",
                        "touch of k proc cur",
                        "1: 0"));
        assertThat(exposure.workload().windows().instants()).isEqualTo(3);
    }

    private static Strategy with(Siblings siblings) {
        return Strategy.named("baseline", "", tollgate.replay.View.everything())
                .siblings(siblings)
                .build();
    }

    private static Map<String, String> openings(Windows windows) {
        Map<String, String> openings = new TreeMap<>();
        for (int opening = 0; opening < Opening.count(); opening++) {
            if (windows.count(opening) > 0) {
                openings.put(Opening.name(opening), windows.count(opening) + ": " + windows.nanos(opening));
            }
        }
        return openings;
    }

    static Map<String, Long> armed(Exposure exposure, Channel channel) {
        Map<String, Long> armed = new TreeMap<>();
        for (int space = 0; space < exposure.spaces(); space++) {
            for (Viewer viewer : Viewer.values()) {
                long nanos = exposure.workload().armedNanos(channel, space, viewer);
                if (nanos != 0) {
                    armed.put(space + " " + viewer, nanos);
                }
            }
        }
        return armed;
    }

    static Map<String, Long> beside(Exposure exposure) {
        Map<String, Long> beside = new TreeMap<>();
        for (int space = 0; space < exposure.spaces(); space++) {
            for (Viewer viewer : Viewer.values()) {
                long nanos = exposure.workload().besideNanos(space, viewer);
                if (nanos != 0) {
                    beside.put(space + " " + viewer, nanos);
                }
            }
        }
        return beside;
    }
}

package tollgate.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tollgate.ingest.Batch;
import tollgate.ingest.ExitReason;
import tollgate.ingest.Kind;
import tollgate.ingest.Names;
import tollgate.ingest.Sidecar;
import tollgate.replay.exposure.Siblings;
import tollgate.replay.pages.Footprints;
import tollgate.replay.pages.PageStream;

/** What every strategy must keep, whoever wrote it: a new one inherits these tests through the catalog. */
class StrategyContractTest {
    private static Steps steps;

    static Stream<String> strategies() {
        return Stream.concat(
                Strategies.all().stream().map(Blueprint::name),
                Stream.of("kpti+kvm-asi", "asi-2025(page_cache=ephmap)", StrategyFileTest.shipped("everything")));
    }

    /** Two CPUs, three processes, a vCPU: some thousand events of all kinds, drawn from a seed. */
    @BeforeAll
    static void drawSteps() {
        Timeline timeline = new Timeline(new Names(), Sidecar.NONE, new PageStream(Footprints.shipped(), 7));
        steps = new Steps(1 << 16);
        Random random = new Random(7);
        int[] running = {100, 200};
        long time = 1_000_000;
        for (int round = 0; round < 40; round++) {
            Batch batch = new Batch();
            for (int i = 0; i < 40; i++) {
                int cpu = random.nextInt(2);
                int tid = running[cpu];
                time += random.nextInt(5000);
                switch (random.nextInt(6)) {
                    case 0, 1 -> {
                        int number = random.nextInt(3) * random.nextInt(30);
                        add(batch, time, cpu, tid, Kind.SYSCALL_ENTER, number, 1, 0);
                        if (random.nextInt(4) == 0) {
                            add(batch, time + 200, cpu, tid, Kind.IRQ_ENTER, 236, 0, 0);
                            add(batch, time + 300, cpu, tid, Kind.IRQ_EXIT, 236, 0, 0);
                        }
                        add(batch, time + 400, cpu, tid, Kind.SYSCALL_EXIT, number, 0, 0);
                    }
                    case 2 -> add(batch, time, cpu, tid, Kind.FAULT_USER, 6, 0x1000, 0);
                    case 3 -> {
                        int next = 100 * (1 + random.nextInt(3)) + cpu;
                        add(batch, time, cpu, tid, Kind.SYSCALL_ENTER, 7, 1, 0);
                        add(batch, time + 100, cpu, tid, Kind.SWITCH, 'S', next, -1);
                        running[cpu] = next;
                    }
                    case 4 -> {
                        add(batch, time, cpu, tid, Kind.SYSCALL_ENTER, 16, 9, 0xae80);
                        for (int exit = 0; exit < 4; exit++) {
                            add(batch, time, cpu, tid, Kind.VM_ENTRY, 0, 0, 0);
                            int reason = exit == 3 ? 0x7b : exit == 2 ? 0x400 : 0x72;
                            add(batch, time, cpu, tid, Kind.VM_EXIT, ExitReason.id(ExitReason.SVM, reason), 0, 0);
                            if (exit == 2) {
                                add(batch, time, cpu, tid, Kind.GUEST_FAULT, 4, 0x100000, 4);
                            }
                        }
                        add(batch, time, cpu, tid, Kind.VMM_RETURN, 2, 0, 0);
                        add(batch, time, cpu, tid, Kind.SYSCALL_EXIT, 16, 0, 0);
                    }
                    default -> {
                        add(batch, time, cpu, tid, Kind.SYSCALL_ENTER, 11, 1, 0);
                        add(batch, time, cpu, tid, Kind.TLB_FLUSH, 3, random.nextInt(50), 0);
                        add(batch, time, cpu, tid, Kind.SYSCALL_EXIT, 11, 0, 0);
                    }
                }
            }
            timeline.accept(batch, steps);
        }
        timeline.finish(steps);
    }

    private static void add(Batch batch, long time, int cpu, int tid, Kind kind, int code, long a, long b) {
        batch.append(time, cpu, tid, tid / 100 * 100, -1, kind, code, a, b);
    }

    private static Lane lane(Strategy strategy) {
        return new Lane(strategy, HandWorkedTraceTest.machine());
    }

    private static Lane run(Strategy strategy) {
        Lane lane = lane(strategy);
        lane.run(steps);
        lane.finish();
        return lane;
    }

    /** Everything that a ledger says, row by row. */
    private static List<Long> contents(Lane lane) {
        List<Long> contents = new ArrayList<>();
        for (Ledger ledger : List.of(lane.ledger(), lane.rest())) {
            for (int row = 0; row < ledger.rows(); row++) {
                contents.add((long) ledger.cause(row));
                contents.add(ledger.entries(row));
                contents.add(ledger.leaves(row));
                for (int i = 0; i < Operation.count(); i++) {
                    contents.add(ledger.count(row, Operation.of(i)));
                }
            }
        }
        return contents;
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void noEventsCostNothing(String name) {
        Lane lane = lane(Strategies.parse(name));
        lane.run(new Steps(0));
        lane.finish();
        for (int i = 0; i < Operation.count(); i++) {
            assertThat(lane.ledger().count(Operation.of(i))).isZero();
            assertThat(lane.rest().count(Operation.of(i))).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void theSameStepsGiveTheSameLedger(String name) {
        assertThat(contents(run(Strategies.parse(name)))).isEqualTo(contents(run(Strategies.parse(name))));
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void twoLanesInterleavedEqualTwoApart(String name) {
        Lane one = lane(Strategies.parse(name));
        Lane other = lane(Strategies.parse("kpti-nopcid"));
        int from = 0;
        while (from < steps.size()) {
            int to = stepAtOrAfter(from + 1000);
            Steps part = Slice.of(steps, from, to);
            one.run(part);
            other.run(part);
            from = to;
        }
        one.finish();
        other.finish();
        assertThat(contents(one)).isEqualTo(contents(run(Strategies.parse(name))));
    }

    /** A buffer ends between two steps, not inside a crossing. */
    private static int stepAtOrAfter(int wanted) {
        int at = 0;
        while (at < steps.size() && at < wanted) {
            at += steps.words()[at] < 0 ? Steps.CROSSING_WORDS : 1;
        }
        return Math.min(at, steps.size());
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void entriesAreTheBaselines(String name) {
        Lane lane = run(Strategies.parse(name));
        Lane baseline = run(Strategies.parse("baseline"));
        assertThat(entries(lane)).isEqualTo(entries(baseline));
    }

    private static long entries(Lane lane) {
        long sum = 0;
        for (int row = 0; row < lane.ledger().rows(); row++) {
            sum += lane.ledger().entries(row);
        }
        return sum;
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void everyRestrictedSpaceIsLeftOrOpenAtTheEnd(String name) {
        Lane lane = run(Strategies.parse(name));
        assertThat(lane.spacesEntered() - lane.spacesLeft())
                .as("spaces still live, of two CPUs")
                .isBetween(0L, 2L);
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void theSegmentsSumToTheLedger(String name) {
        Lane lane = run(Strategies.parse(name));
        for (int i = 0; i < Operation.count(); i++) {
            long sum = 0;
            for (int segment = 0; segment < lane.segments().size(); segment++) {
                sum += lane.segments().count(segment, Operation.of(i));
            }
            assertThat(sum).as(Operation.of(i).name()).isEqualTo(lane.ledger().count(Operation.of(i)));
        }
    }

    @Test
    void aStrategyThatUnmapsNothingAndNeverEntersItsSpaceCostsWhatTheBaselineCosts() {
        View everything = View.everything().kernelGlobal();
        Strategy idle = Strategy.named("idle", "", everything)
                .space("never", Strategy.Owner.MM, everything, 1 << 9)
                .build();
        assertThat(contents(run(idle))).isEqualTo(contents(run(Strategies.parse("baseline"))));
    }

    /** Comparators that only charge operations; all else, translations and CR3 writes, is the baseline's count by count. */
    @ParameterizedTest
    @MethodSource("comparators")
    void comparatorsLeaveTheMmuAlone(String name) {
        Lane lane = run(Strategies.parse(name));
        Lane baseline = run(Strategies.parse(Strategies.BASELINE));
        Set<Operation> own = Set.of(Operation.VERW, Operation.L1D_FLUSH, Operation.IBPB, Operation.RSB_FILL);
        long charged = 0;
        for (int i = 0; i < Operation.count(); i++) {
            Operation operation = Operation.of(i);
            if (own.contains(operation)) {
                charged += lane.ledger().count(operation);
            } else {
                assertThat(lane.ledger().count(operation))
                        .as(operation.name())
                        .isEqualTo(baseline.ledger().count(operation));
            }
        }
        assertThat(charged).isPositive();
    }

    static Stream<String> comparators() {
        return Strategies.all().stream()
                .filter(blueprint -> blueprint.role() == Blueprint.Role.COMPARATOR)
                .map(Blueprint::name)
                .filter(name -> !name.equals("xpfo")) // splits and flushes the direct map
                .filter(name -> Strategies.parse(name).siblings() == Siblings.ANYTHING); // the others do nothing else
    }

    @Test
    void aFurtherMappedClassNeverAddsFaults() {
        MemoryClass[] order = MemoryClass.values();
        View view = View.of(MemoryClass.ENTRY);
        long faults = Long.MAX_VALUE;
        for (MemoryClass more : order) {
            view = view.and(more);
            Strategy asi = Strategy.named("asi", "", View.everything().global(MemoryClass.ENTRY))
                    .space(
                            "kvm",
                            Strategy.Owner.MM,
                            view.global(MemoryClass.ENTRY),
                            1 << 9,
                            Strategy.charge(Operation.FAULT),
                            new Act.Leave(Act.Flush.KEEP))
                    .on(Crossing.VM_ENTRY, Strategy.load("kvm", Act.Flush.KEEP))
                    .on(Crossing.VMM_RETURN, new Act.Leave(Act.Flush.KEEP))
                    .on(Crossing.SWITCH, new Act.Leave(Act.Flush.KEEP))
                    .build();
            Lane lane = run(asi);
            long now = lane.ledger().count(Operation.FAULT) + lane.rest().count(Operation.FAULT);
            assertThat(now).as("with " + more).isLessThanOrEqualTo(faults);
            faults = now;
        }
        assertThat(faults).as("everything mapped").isZero();
    }

    @Test
    void whatIsWrittenInYamlCostsWhatTheBuiltInOneCosts() {
        for (String name : List.of("kpti", "sci")) {
            Lane own = run(Strategies.parse(StrategyFileTest.shipped("my-" + name)));
            Lane builtIn = run(Strategies.parse(name));
            assertThat(contents(own)).as(name).isEqualTo(contents(builtIn));
            assertThat(own.callsBeyondLimits()).isEqualTo(builtIn.callsBeyondLimits());
        }
    }

    @Test
    void knownRelationsHold() {
        assertThat(flushes("kpti-nopcid")).isGreaterThan(flushes("kpti"));
        assertThat(flushes("asi-2025")).isGreaterThan(flushes("asi-2025(noflush=true)"));
        assertThat(run(Strategies.parse("sci")).ledger().count(Operation.FAULT))
                .as("keeping mappings across calls saves faults")
                .isGreaterThan(run(Strategies.parse("sci(keep=true)")).ledger().count(Operation.FAULT));
        long faults = Long.MAX_VALUE;
        for (String prefill : List.of("0", "0.3", "0.8", "1")) {
            long now = run(Strategies.parse("sci(prefill=" + prefill + ")"))
                    .ledger()
                    .count(Operation.FAULT);
            assertThat(now).as("fewer pages left to touch, fewer faults").isLessThan(faults);
            faults = now;
        }
        assertThat(cr3Writes("kvm-asi(per_vm=true)")).isGreaterThanOrEqualTo(cr3Writes("kvm-asi"));
        assertThat(run(Strategies.parse("netns(namespaces=100)")).ledger().count(Operation.PTE_WRITE))
                .isGreaterThanOrEqualTo(
                        run(Strategies.parse("netns(namespaces=2)")).ledger().count(Operation.PTE_WRITE));
    }

    private static long flushes(String name) {
        return run(Strategies.parse(name)).ledger().count(Operation.CR3_WRITE_FLUSH);
    }

    private static long cr3Writes(String name) {
        Ledger ledger = run(Strategies.parse(name)).ledger();
        return ledger.count(Operation.CR3_WRITE_FLUSH) + ledger.count(Operation.CR3_WRITE_KEEP);
    }

    /**
     * Two CPUs, three processes and no shootdown: six slots suffice, so each CPU flushes each mm at its first load only.
     * The steps have local flushes, which are taken out here with the crossing that carries them.
     */
    @Test
    void withEnoughAsidSlotsOnlyFirstUseFlushesRemain() {
        Steps quiet = new Steps(1 << 16);
        java.util.Set<Long> loads = new java.util.HashSet<>();
        long cpu = 0;
        for (int i = 0; i < steps.size(); ) {
            long word = steps.words()[i];
            if (word >= 0) {
                quiet.access(word);
                i++;
                continue;
            }
            Crossing crossing = Crossing.of(Steps.crossing(word));
            long extra = steps.words()[i + 2];
            if (crossing == Crossing.CPU) {
                cpu = Steps.argument(word);
            }
            if (crossing == Crossing.SWITCH && Steps.mm(extra) != Steps.NO_MM) {
                loads.add(cpu << 32 | Steps.mm(extra));
            }
            if (crossing != Crossing.FLUSH_LOCAL) {
                quiet.crossing(crossing, Steps.argument(word), steps.words()[i + 1], extra);
            }
            i += Steps.CROSSING_WORDS;
        }
        Lane lane = lane(Strategies.parse("baseline"));
        lane.run(quiet);
        lane.finish();
        long flushes =
                lane.ledger().count(Operation.CR3_WRITE_FLUSH) + lane.rest().count(Operation.CR3_WRITE_FLUSH);
        assertThat(flushes).isEqualTo(loads.size()).isBetween(2L, 12L);
    }
}

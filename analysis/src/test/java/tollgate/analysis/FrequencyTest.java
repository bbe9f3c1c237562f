package tollgate.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import tollgate.analysis.Figure.Estimate;
import tollgate.replay.Counts;
import tollgate.replay.MemoryClass;
import tollgate.replay.Operation;
import tollgate.replay.Strategies;
import tollgate.replay.exposure.Neighbours;

/** How often something was done: exact where the recorded events alone decide, drawn where the touched pages do. */
class FrequencyTest {
    private static final int PIECES = 8;

    /** Of eight pieces with an exit each, every second touches another process's memory, which kvm-asi does not map. */
    private static Counts guest(String strategy) {
        Played played = new Played().takes(0, 0, 7).guest(0, 100, 1);
        for (int piece = 0; piece < PIECES; piece++) {
            played.exit(0, 1000 * piece + 500, 1)
                    .touch(piece % 2 == 0 ? MemoryClass.K_PROC_OTH : MemoryClass.K_VM_CUR)
                    .guest(0, 1000 * piece + 600, 1)
                    .end(1000 * piece + 900);
        }
        return played.under(Strategies.parse(strategy), Neighbours.NONE).counts();
    }

    private static Frequency frequency(Counts lane, double[][][] shifts, double[][] leaves) {
        Draws draws = Draws.sets(
                        1,
                        1 << 12,
                        lane.segments().size(),
                        CpuProfile.load("skylake-sp").prices(),
                        1)
                .get(0);
        return new Frequency(lane, shifts, leaves, draws);
    }

    private static Frequency frequency(String strategy) {
        Structure none = Structure.none(1);
        return frequency(guest(strategy), none.shifts()[0], none.leaves()[0]);
    }

    /** Leaving is a coin of eight throws then: of 5 in 100 draws at most 2 come up, of 5 at least 6. */
    @Test
    void whichExitsLeaveDependsOnWhichPiecesAreDrawn() {
        assertThat(guest("kvm-asi").segments().size()).isEqualTo(PIECES);
        assertThat(frequency("kvm-asi").exitsLeaving()).isEqualTo(new Estimate(50, 25, 75));
    }

    @Test
    void whatNoPageDecidesIsExact() {
        assertThat(frequency("kpti").exitsLeaving()).isEqualTo(Estimate.exact(0));
        Estimate writes = frequency("kpti").cr3Writes(/* isByExit */ true);
        assertThat(writes.low()).isEqualTo(writes.value()).isEqualTo(writes.high());
    }

    /** Two writes a leave, so that they vary as leaves do: at a quarter and at three quarters of the exits. */
    @Test
    void itsWritesOfCr3VaryWithIt() {
        Counts lane = guest("kvm-asi");
        double each = (double) (lane.ledger().count(Operation.CR3_WRITE_KEEP)
                        + lane.ledger().count(Operation.CR3_WRITE_FLUSH))
                / PIECES;
        Estimate writes = frequency("kvm-asi").cr3Writes(/* isByExit */ true);
        assertThat(writes.value()).isEqualTo(each);
        assertThat(writes.low()).isLessThan(each);
        assertThat(writes.high()).isGreaterThan(each);
    }

    /** What is left of an attack from guests is the same share; what is counted otherwise stays. */
    @Test
    void whatIsLeftOfAttacksFromGuestsHasTheSameInterval() {
        AttackCell.Left exits =
                new AttackCell.Left("VM exits with anything in reach", Estimate.exact(50), "%", "4 of 8");
        AttackCell.Left time =
                new AttackCell.Left("kernel time with anything in reach", Estimate.exact(30), "%", "3 of 10 ns");
        AttackCell cell =
                new AttackCell(Attack.SPECTRE_V1_GUEST, AttackCell.Verdict.REDUCED, List.of(exits, time), "", "");
        Protection protection = new Protection(List.of(cell), List.of(), Protection.NONE.course(), List.of());
        assertThat(protection.leaving(new Estimate(50, 25, 75)).attacks().get(0).left())
                .containsExactly(new AttackCell.Left(exits.what(), new Estimate(50, 25, 75), "%", exits.from()), time);
    }

    /** One parameter takes a fifth of the exits off at its low end: at the 5th percentile, nine tenths of that. */
    @Test
    void aModelParameterMovesItBetweenItsEnds() {
        Counts one = new Played()
                .takes(0, 0, 7)
                .guest(0, 100, 1)
                .exit(0, 500, 1)
                .touch(MemoryClass.K_PROC_OTH)
                .guest(0, 600, 1)
                .end(900)
                .under(Strategies.parse("kvm-asi"), Neighbours.NONE)
                .counts();
        Structure structure = Structure.none(1);
        structure.leaves()[0][ModelParameter.FOREIGN_PAGES.ordinal()][0] = -0.2;
        structure.leaves()[0][ModelParameter.FOREIGN_PAGES.ordinal()][1] = 0.2; // no more than all
        Estimate leaving =
                frequency(one, structure.shifts()[0], structure.leaves()[0]).exitsLeaving();
        double crossings = one.segments().entries(0) + one.segments().exits(0);
        assertThat(leaving.value()).isEqualTo(100);
        assertThat(leaving.low()).isCloseTo(100 - 20 * 0.9 * crossings, within(0.1));
        assertThat(leaving.high()).isEqualTo(100);
    }
}

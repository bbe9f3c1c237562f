package tollgate.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tollgate.replay.Operation;
import tollgate.replay.mmu.Geometry;

/** What a CPU is if one thing of it is stated otherwise. Skylake-SP has a second level of 1536 entries in 12 ways. */
class CpuParameterTest {
    private static final CpuProfile CPU = CpuProfile.load("skylake-sp");

    private static Geometry.Array stlb(CpuProfile cpu) {
        return cpu.machine().geometry().second().get(0);
    }

    @Test
    void otherEntriesKeepTheWaysAndOtherWaysTheSets() {
        CpuProfile more = CPU.with("stlb.entries", 3072);
        assertThat(more.name()).isEqualTo("skylake-sp(stlb.entries=3072)");
        assertThat(more.title()).isEqualTo(CPU.title() + ", stlb.entries=3072");
        assertThat(stlb(more).entries()).isEqualTo(3072);
        assertThat(stlb(more).ways()).isEqualTo(12);
        assertThat(stlb(more).status()).isEqualTo("stated");
        assertThat(more.machine().geometry().first())
                .isEqualTo(CPU.machine().geometry().first());
        CpuProfile fewer = CPU.with("stlb.ways", 6);
        assertThat(stlb(fewer).sets()).isEqualTo(128);
        assertThat(stlb(fewer).entries()).isEqualTo(768);
    }

    /** Eight entries for code in 2 MiB pages, fully associative. */
    @ParameterizedTest
    @CsvSource({"itlb-2m.entries", "itlb-2m.ways"})
    void whatIsFullyAssociativeStaysSo(String key) {
        Geometry.Array array = CPU.with(key, 16).machine().geometry().first().get(1);
        assertThat(array.entries()).isEqualTo(16);
        assertThat(array.ways()).isEqualTo(16);
    }

    @Test
    void whatIsStatedAsItIsChangesNoMachine() {
        assertThat(CPU.with("stlb.entries", 1536).machine()).isEqualTo(CPU.machine());
        assertThat(CPU.with("levels", 4).machine()).isEqualTo(CPU.machine());
        assertThat(CPU.with("levels", 5).machine().geometry().levels()).isEqualTo(5);
    }

    /** Sending an interrupt is stated in ns: at twice the frequency it takes twice the cycles; a CR3 write does not. */
    @Test
    void atAnotherFrequencyCyclesStayButWhatIsStatedInTimeGoesWithIt() {
        CpuProfile twice = CPU.with("ghz", 4.2);
        assertThat(twice.gigahertz()).isEqualTo(4.2);
        assertThat(twice.machine()).isEqualTo(CPU.machine());
        double[] is = CPU.prices().mid();
        double[] was = twice.prices().mid();
        int timed = 0;
        for (Operation operation : Operation.values()) {
            int i = operation.ordinal();
            boolean isTime = CPU.prices().price(operation).isTime();
            timed += isTime ? 1 : 0;
            assertThat(was[i]).as(operation.name()).isCloseTo(isTime ? 2 * is[i] : is[i], within(1e-9));
        }
        assertThat(timed).isPositive();
        assertThat(CPU.prices().price(Operation.CR3_WRITE_KEEP).isTime()).isFalse();
    }

    @Test
    void aNameMayStateSeveralThings() {
        CpuProfile cpu = CpuProfile.load("skylake-sp(stlb.entries=768, ghz=3)");
        assertThat(cpu.name()).isEqualTo("skylake-sp(stlb.entries=768,ghz=3)");
        assertThat(stlb(cpu).entries()).isEqualTo(768);
        assertThat(cpu.gigahertz()).isEqualTo(3);
        assertThat(CpuProfile.load(cpu.name())).usingRecursiveComparison().isEqualTo(cpu);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "skylake-sp(stlb.entrys=1)|unknown parameter 'stlb.entrys' of a CPU; did you mean 'stlb.entries'?",
                "skylake-sp(stlb.entries=1000)|stlb.entries=1000 on skylake-sp: 12 ways do not divide 1000 entries",
                "skylake-sp(stlb.entries=1200)|stlb.entries=1200 on skylake-sp: an XOR index needs a power of two of sets, not 100",
                "skylake-sp(nested.entries=64)|nested.entries=64 on skylake-sp: it has no such cache",
                "skylake-sp(levels=3)|levels=3 on skylake-sp: page tables have 4 or 5 levels, not 3",
                "skylake-sp(stlb.ways=1.5)|stlb.ways must be a whole number from 1 to 16384, not 1.5",
                "skylake-sp(ghz=0)|ghz must lie above 0 and up to 10, not 0",
                "skylake-sp(fast)|expected NAME=NUMBER in parentheses after a CPU, found 'fast'",
                "skylark(ghz=3)|unknown CPU 'skylark'"
            })
    void whatCannotBeIsRefusedInOneLine(String text, String message) {
        assertThatThrownBy(() -> CpuProfile.load(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    /** Each CPU that ships has the common caches, in sizes that can be halved and doubled. */
    @Test
    void everyProfileCanBeMoved() {
        for (CpuProfile cpu : CpuProfile.all()) {
            for (double times : new double[] {0.5, 2}) {
                for (String cache : new String[] {"itlb", "dtlb"}) {
                    Geometry.Array array = array(cpu, cache);
                    assertThat(array(cpu.with(cache + ".entries", times * array.entries()), cache)
                                    .entries())
                            .as(cpu.name() + " " + cache)
                            .isEqualTo((int) (times * array.entries()));
                }
            }
        }
    }

    private static Geometry.Array array(CpuProfile cpu, String cache) {
        int type = cache.equals("itlb") ? 0 : 1;
        return cpu.machine().geometry().first().stream()
                .filter(array -> array.serves(type, 0))
                .findFirst()
                .orElseThrow();
    }
}

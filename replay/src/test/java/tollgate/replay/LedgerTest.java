package tollgate.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The ledger against a map: any causes, any operations, more rows than it begins with. */
class LedgerTest {
    @Test
    void countsWhatAMapCounts() {
        SplittableRandom random = new SplittableRandom(7);
        Ledger ledger = new Ledger();
        Map<Integer, Map<Operation, Long>> counts = new HashMap<>();
        Map<Integer, Long> entries = new HashMap<>();
        Map<Integer, Long> leaves = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            int cause = random.nextInt(600) * (random.nextBoolean() ? 1 : 0x01000193);
            int row = ledger.row(cause);
            assertThat(ledger.cause(row)).isEqualTo(cause);
            assertThat(ledger.row(cause)).as("a cause keeps its row").isEqualTo(row);
            Operation operation = Operation.of(random.nextInt(Operation.count()));
            long times = random.nextInt(5);
            ledger.add(row, operation, times);
            counts.computeIfAbsent(cause, key -> new HashMap<>()).merge(operation, times, Long::sum);
            if (random.nextInt(3) == 0) {
                ledger.enter(row);
                entries.merge(cause, 1L, Long::sum);
            }
            if (random.nextInt(5) == 0) {
                ledger.leave(row);
                leaves.merge(cause, 1L, Long::sum);
            }
        }
        assertThat(ledger.rows()).isEqualTo(counts.size());
        long[] sums = new long[Operation.count()];
        ledger.sumInto(sums);
        for (Operation operation : Operation.values()) {
            long all = 0;
            for (int row = 0; row < ledger.rows(); row++) {
                long expected = counts.get(ledger.cause(row)).getOrDefault(operation, 0L);
                assertThat(ledger.count(row, operation)).isEqualTo(expected);
                all += expected;
            }
            assertThat(ledger.count(operation)).isEqualTo(all);
            assertThat(sums[operation.ordinal()]).isEqualTo(all);
        }
        for (int row = 0; row < ledger.rows(); row++) {
            assertThat(ledger.entries(row)).isEqualTo(entries.getOrDefault(ledger.cause(row), 0L));
            assertThat(ledger.leaves(row)).isEqualTo(leaves.getOrDefault(ledger.cause(row), 0L));
        }
    }

    @Test
    void causeZeroGetsARowOfItsOwnAfterTheTableHasGrown() {
        Ledger ledger = new Ledger();
        int cause = 1;
        while (ledger.rows() < 1000) {
            ledger.row(cause++);
        }
        int zero = ledger.row(0);
        assertThat(zero).isEqualTo(1000);
        assertThat(ledger.row(cause)).isEqualTo(1001);
        for (int rows = ledger.rows(); ledger.rows() < 3000; rows++) { // at every fill, also just after growing
            ledger.row(++cause);
            assertThat(ledger.rows()).isEqualTo(rows + 1);
        }
        assertThat(ledger.row(0)).isEqualTo(zero);
    }

    @Test
    void causeZeroIsNotTakenForTheEmptyRowsBehindAGrownTable() {
        for (int others = 1; others < 300; others++) {
            Ledger ledger = new Ledger();
            for (int cause = 1; cause <= others; cause++) {
                ledger.row(cause);
            }
            ledger.row(0);
            assertThat(ledger.rows()).isEqualTo(others + 1);
        }
    }
}

package tollgate.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class InventoryTableTest {
    /** Against a tree map, over keys that come, go and collide. */
    @Property(tries = 200)
    void holdsWhatAMapHolds(@ForAll long seed, @ForAll @IntRange(min = 1, max = 500) int variety) {
        Random random = new Random(seed);
        InventoryTable<long[]> table = new InventoryTable<>(() -> new long[1]);
        Map<Integer, Long> judge = new TreeMap<>();
        long[] none = {};
        for (int i = 0; i < 2000; i++) {
            // Multiples of 2^25 share the bits that the hash looks at first.
            int key = random.nextInt(variety) << (random.nextBoolean() ? 25 : 0);
            if (random.nextInt(3) == 0) {
                table.remove(key);
                judge.remove(key);
            } else {
                table.at(key)[0] += i;
                judge.merge(key, (long) i, Long::sum);
            }
            int probe = random.nextInt(variety);
            assertThat(table.find(probe, none) != none).isEqualTo(judge.containsKey(probe));
        }
        Map<Integer, Long> held = new TreeMap<>();
        table.forEach((key, value) -> held.put(key, value[0]));
        assertThat(held).isEqualTo(judge);
        assertThat(table.size()).isEqualTo(judge.size());
    }

    @Test
    void pastTheLimitNumbersShareOneValue() {
        InventoryTable<Tally.Count> table = new InventoryTable<>(Tally.Count::new, 2);
        for (int key : new int[] {10, 20, 30, 40, 10, 30}) {
            table.at(key).increment();
        }
        assertThat(InventoryTable.counts(table)).isEqualTo(Map.of(10, 2L, 20, 1L, -1, 3L));
    }

    /** The quantile of sorted values at rank ceil(share * n), against the histogram's: within 0.4 %. */
    @Property(tries = 200)
    void quantilesAreClose(@ForAll long seed, @ForAll @IntRange(min = 1, max = 300) int n) {
        Random random = new Random(seed);
        InventoryDurations durations = new InventoryDurations();
        long[] values = new long[n];
        for (int i = 0; i < n; i++) {
            values[i] = random.nextLong() >>> 1 + random.nextInt(62);
            durations.add(values[i]);
        }
        Arrays.sort(values);
        assertThat(durations.count()).isEqualTo(n);
        assertThat(durations.totalNanos()).isEqualTo(Arrays.stream(values).sum());
        for (double share : new double[] {0.01, 0.5, 0.99, 1}) {
            long exact = values[(int) Math.max(1, Math.ceil(share * n)) - 1];
            long told = durations.quantileNanos(share);
            assertThat(Math.abs(told - exact)).isLessThanOrEqualTo(exact / 256 + 1);
            if (exact < 128) {
                assertThat(told).isEqualTo(exact);
            }
        }
    }

    @Test
    void theEndsOfTheRangeAreTheirOwnQuantiles() {
        InventoryDurations durations = new InventoryDurations();
        assertThat(durations.quantileNanos(0.5)).isZero();
        durations.add(Long.MAX_VALUE);
        assertThat(durations.quantileNanos(0.5)).isEqualTo(Long.MAX_VALUE);
        durations.add(-5);
        assertThat(durations.quantileNanos(0.5)).isZero();
    }
}

package tollgate.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CallSampleTest {
    /** The calls of {@link HandWorkedTraceTest}: one read, an exit to the next entry, an exit to the VMM. */
    @Test
    void aCallHasWhatItsCauseHasBeforeTheReturn() {
        Counts kpti = HandWorkedTraceTest.replay("kpti", HandWorkedTraceTest.tenEvents())
                .counts();
        // The ioctl entered a guest and is no call; what read costs in user mode afterwards is not its own.
        assertThat(kpti.calls().size()).isOne();
        assertThat(counts(kpti.calls(), 0))
                .isEqualTo(Map.of(
                        Operation.CR3_READ, 2, Operation.CR3_WRITE_KEEP, 2, Operation.WALK, 2, Operation.WALK_STEP, 6));
        assertThat(kpti.exits().size()).isEqualTo(2);
        assertThat(counts(kpti.exits(), 0)).isEqualTo(Map.of(Operation.WALK, 1, Operation.WALK_STEP, 3));
        assertThat(counts(kpti.exits(), 1)).isEqualTo(Map.of(Operation.CR3_READ, 1, Operation.CR3_WRITE_KEEP, 1));
    }

    @Test
    void theBaselineKeepsTheSameCalls() {
        Counts baseline = HandWorkedTraceTest.replay("baseline", HandWorkedTraceTest.tenEvents())
                .counts();
        assertThat(counts(baseline.calls(), 0)).isEqualTo(Map.of(Operation.WALK, 2, Operation.WALK_STEP, 6));
        assertThat(counts(baseline.exits(), 1)).isEmpty();
    }

    /** Of a hundred thousand calls, each with its number as its counts. */
    @Test
    void aLongTraceIsThinnedEvenly() {
        CallSample sample = new CallSample();
        long[] counts = new long[Operation.count() + 3];
        for (int number = 1; number <= 100_000; number++) {
            counts[Operation.IBPB.ordinal()] = number % 1000;
            counts[Operation.WALK.ordinal()] = number / 1000;
            sample.add(number, counts);
        }
        assertThat(sample.size()).isBetween(CallSample.MOST / 2, CallSample.MOST);
        Set<Long> different = new HashSet<>();
        int[] tenths = new int[10];
        for (int call = 0; call < sample.size(); call++) {
            long number = sample.number(call);
            different.add(number);
            tenths[(int) ((number - 1) / 10_000)]++;
            double[] kept = new double[Operation.count()];
            sample.addTo(kept, call, 1);
            assertThat(kept[Operation.IBPB.ordinal()]).isEqualTo(number % 1000);
            assertThat(kept[Operation.WALK.ordinal()]).isEqualTo(number / 1000);
        }
        assertThat(different).hasSize(sample.size());
        // Binomial: an even tenth is some 156 with a deviation of 12.
        assertThat(Arrays.stream(tenths)).allMatch(tenth -> Math.abs(tenth - sample.size() / 10) < 60);
    }

    private static Map<Operation, Integer> counts(CallSample sample, int call) {
        double[] counts = new double[Operation.count()];
        sample.addTo(counts, call, 1);
        Map<Operation, Integer> named = new TreeMap<>();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] != 0) {
                named.put(Operation.of(i), (int) counts[i]);
            }
        }
        return named;
    }
}

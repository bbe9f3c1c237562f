package tollgate.ingest;

import java.util.Map;

/**
 * Interrupts by vector, their exits paired with their entries on the same CPU. An exit ends the innermost entry of
 * its vector and whatever was entered after that: some vectors are recorded without their exits.
 */
final class InventoryInterrupts {
    /** Interrupts nest a few levels (NMI in IRQ in softirq); an entry deeper than this never had its exit recorded. */
    private static final int DEEPEST = 8;

    private static final int MOST_VECTORS = 8192;

    private final InventoryTable<Tally.Count> entered = new InventoryTable<>(Tally.Count::new, MOST_VECTORS);
    private final InventoryTable<Tally.Count> left = new InventoryTable<>(Tally.Count::new, MOST_VECTORS);
    private final InventoryTable<Nest> nests = new InventoryTable<>(Nest::new, Coverage.MOST_CPUS);
    private long exitsWithoutEnter;

    private static final class Nest {
        private final int[] vectors = new int[DEEPEST];
        private int depth;

        private void push(int vector) {
            if (depth == DEEPEST) {
                System.arraycopy(vectors, 1, vectors, 0, DEEPEST - 1);
                depth--;
            }
            vectors[depth++] = vector;
        }

        private boolean pop(int vector) {
            for (int i = depth - 1; i >= 0; i--) {
                if (vectors[i] == vector) {
                    depth = i;
                    return true;
                }
            }
            return false;
        }
    }

    /** @param cpu -1 if not told: then exits are not paired */
    void enter(int cpu, int vector) {
        entered.at(vector).increment();
        if (cpu >= 0) {
            nests.at(cpu).push(vector);
        }
    }

    void exit(int cpu, int vector) {
        left.at(vector).increment();
        if (cpu >= 0 && !nests.at(cpu).pop(vector)) {
            exitsWithoutEnter++;
        }
    }

    long exitsWithoutEnter() {
        return exitsWithoutEnter;
    }

    /** Entries by vector; of a vector of which no entry was seen, exits. */
    Map<Integer, Long> counts() {
        Map<Integer, Long> counts = InventoryTable.counts(entered);
        InventoryTable.counts(left).forEach(counts::putIfAbsent);
        return counts;
    }
}

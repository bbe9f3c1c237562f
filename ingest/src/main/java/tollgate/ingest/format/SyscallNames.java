package tollgate.ingest.format;

import java.util.Arrays;
import tollgate.ingest.Names;
import tollgate.ingest.Tally;

/** The numbers of system calls that a text tells by name; a name costs an allocation the first time only. */
final class SyscallNames {
    private final Names names = new Names();
    private int[] numbers = new int[128];

    /** The number, or -1 with a note in the tally for a name that the x86-64 table does not have. */
    int number(byte[] bytes, int from, int to, Tally tally) {
        int before = names.size();
        int id = names.id(bytes, from, to - from);
        if (id == before) {
            if (id == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * id);
            }
            numbers[id] = Tracepoint.numberOf(names.name(id));
        }
        if (numbers[id] < 0) {
            tally.note("system calls without an x86-64 number: " + names.name(id))
                    .increment();
        }
        return numbers[id];
    }
}

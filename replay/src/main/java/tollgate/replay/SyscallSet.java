package tollgate.replay;

import java.util.BitSet;
import java.util.List;
import tollgate.ingest.Syscalls;

/** The system calls that a strategy treats specially; an empty list of names means all of them. */
public record SyscallSet(List<String> names) {
    public SyscallSet {
        names = List.copyOf(names);
        for (String name : names) {
            if (Syscalls.number(name) < 0) {
                throw new IllegalArgumentException("unknown system call '" + name + "'");
            }
        }
    }

    /** Bit per number; all set if no names are given. */
    BitSet numbers() {
        BitSet numbers = new BitSet();
        if (names.isEmpty()) {
            numbers.set(0, 1024);
        }
        names.forEach(name -> numbers.set(Syscalls.number(name)));
        return numbers;
    }
}

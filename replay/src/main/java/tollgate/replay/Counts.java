package tollgate.replay;

import java.io.Serializable;
import java.util.List;

/**
 * What one lane counted: all of it that pricing needs, some kilobytes, fit to be sent or kept.
 *
 * @param strategy its full name
 * @param ledger of the workload
 * @param segments the same, piece by piece of the trace
 * @param calls some of its system calls, one by one: those that went from user mode to user mode and entered no guest
 * @param exits some of its VM exits, one by one: up to the next VM entry or the return to the VMM
 * @param notes what must be said beside the figures, a sentence each
 * @param holdsSiblings whether it keeps siblings from what they ran, which no ledger counts
 */
public record Counts(
        String strategy,
        Ledger ledger,
        Segments segments,
        CallSample calls,
        CallSample exits,
        List<String> notes,
        boolean holdsSiblings)
        implements Serializable {
    public Counts {
        notes = List.copyOf(notes);
    }
}

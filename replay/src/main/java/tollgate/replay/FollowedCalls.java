package tollgate.replay;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Counts some of the workload's calls one by one: while such a call runs, what it costs is counted in a row of its own, which
 * moves to the row of its cause when the call ends.
 */
final class FollowedCalls {
    private final Ledger workload;
    private final CallSample calls = new CallSample();
    private final CallSample exits = new CallSample();
    private final Deque<Integer> freeRows = new ArrayDeque<>();
    private final long[] ofCall = new long[Operation.count()];
    private int rows;

    FollowedCalls(Ledger workload) {
        this.workload = workload;
    }

    /** A call while it runs. */
    record Followed(CallSample sample, long number, int cause, int row) {}

    /** Of system calls. */
    CallSample calls() {
        return calls;
    }

    /** Of VM exits. */
    CallSample exits() {
        return exits;
    }

    /** A system call of the workload begins. @param number among all of them, from 1 */
    void begin(Cpu c, long number) {
        begin(c, calls, number);
    }

    /** A VM exit of the workload. @param number among all of them, from 1 */
    void beginExit(Cpu c, long number) {
        begin(c, exits, number);
    }

    private void begin(Cpu c, CallSample sample, long number) {
        drop(c.held);
        if (c.depth == 0 && sample.takes(number)) {
            int row = freeRows.isEmpty() ? workload.row(Cause.of(Cause.Family.UNKNOWN, ++rows)) : freeRows.pop();
            c.held.followed = new Followed(sample, number, c.cause, row);
            c.row = row;
        }
    }

    /** Back in user mode: whatever is followed has come to its end. */
    void end(Cpu c) {
        if (c.held.followed != null) {
            end(c, c.held.followed);
        }
    }

    /** Back in the guest: if it is an exit that is followed, it has come to its end. */
    void endExit(Cpu c) {
        if (c.held.followed != null && c.held.followed.sample() == exits) {
            end(c, c.held.followed);
        }
    }

    private void end(Cpu c, Followed followed) {
        drop(c.held);
        if (c.ledger == workload && c.cause == followed.cause()) {
            followed.sample().add(followed.number(), ofCall);
        }
        c.count(c.cause);
    }

    /** What was counted apart goes where it belongs, and the call is not followed further. */
    void drop(Held held) {
        if (held.followed != null) {
            workload.move(held.followed.row(), workload.row(held.followed.cause()), ofCall);
            freeRows.push(held.followed.row());
            held.followed = null;
        }
    }

    /** The row in which this CPU counts now, for what it does on behalf of a cause. */
    int row(Cpu c, int cause) {
        Followed followed = c.held.followed;
        boolean isFollowed = followed != null && followed.cause() == cause && c.depth == 0 && c.ledger == workload;
        return isFollowed ? followed.row() : c.ledger.row(cause);
    }
}

package tollgate.replay.pages;

import java.util.Arrays;

/** One event cut out of a stream: who, why, and the accesses it made itself, in order. */
final class Invocation {
    final int cause;
    final int task;
    final int mm;
    final boolean fromUser;
    int number = -1;
    /** Instructions of its own. */
    long instructions;

    long loads;
    /** Of a VM exit, one of {@link PageStream}'s. */
    int detail;

    /** Accesses as tokens of the stream, thinned; {@link #parts} says where a part ends. */
    int[] accesses = new int[64];

    int size;
    int[] parts = new int[2];
    int partCount;
    boolean interrupted;
    boolean switched;
    boolean toUser;
    boolean invalid;

    Invocation(int cause, int task, int mm, boolean fromUser) {
        this.cause = cause;
        this.task = task;
        this.mm = mm;
        this.fromUser = fromUser;
    }

    void add(int token) {
        if (size == accesses.length) {
            accesses = Arrays.copyOf(accesses, size * 2);
        }
        accesses[size++] = token;
    }

    void endPart() {
        if (partCount == parts.length) {
            parts = Arrays.copyOf(parts, partCount * 2);
        }
        parts[partCount++] = size;
    }
}

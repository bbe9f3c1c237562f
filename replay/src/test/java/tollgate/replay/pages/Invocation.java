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

    /** Those before it was switched out. */
    long beforeSwitch;

    long loads;
    /** Of a VM exit, one of {@link PageStream}'s. */
    int detail;

    /** Accesses as tokens of the stream, thinned; {@link #parts} says where a part ends. */
    int[] accesses = new int[64];

    int size;
    int[] parts = new int[2];
    int partCount;
    boolean onSocket;
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

    /** What a recording tells of its length when its pages have to be known: how far it came, up to a switch. */
    long length() {
        return switched ? beforeSwitch : instructions;
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

package tollgate.ingest;

import java.util.Map;
import java.util.TreeMap;

/**
 * Pairs each thread's system calls with their returns. What does not pair by number still belongs together, or is
 * missing for a reason:
 *
 * <ol>
 *   <li>rt_sigreturn returns as number -1, with the interrupted call's result;
 *   <li>the child of clone, fork, vfork and clone3 begins with a return of 0;
 *   <li>exit and exit_group never return;
 *   <li>an execve by a thread that is not the leader returns as the leader ({@link #moved}).
 * </ol>
 *
 * <p>Any other return to another number than the one entered means that records between are missing: neither has a
 * partner. A call during which records were lost has one, but no duration: the return may be a later call's.
 */
final class InventoryCalls {
    private static final int RT_SIGRETURN = 15;
    /** sigreturn and rt_sigreturn of i386, whose numbers a 32-bit process is recorded with. */
    private static final int SIGRETURN_32 = 119;

    private static final int RT_SIGRETURN_32 = 173;
    private static final int CLONE = 56;
    private static final int FORK = 57;
    private static final int VFORK = 58;
    private static final int CLONE3 = 435;
    private static final int EXIT = 60;
    private static final int EXIT_GROUP = 231;
    /** Results from -4095 to -1 are errors (MAX_ERRNO, include/linux/err.h). */
    private static final long MAX_ERRNO = 4095;
    /** ERESTARTSYS to ERESTART_RESTARTBLOCK (include/linux/errno.h): the call begins again, or user space sees EINTR. */
    private static final long FIRST_RESTART = 512;

    private static final long LAST_RESTART = 516;
    /** Twice what any table of system calls holds. */
    private static final int MOST_NUMBERS = 1024;

    private final InventoryTable<Sums> calls = new InventoryTable<>(Sums::new, MOST_NUMBERS);
    long newThreads;
    long exitsWithoutEnter;
    long entersWithoutExit;
    long inFlight;

    private static final class Sums {
        long enters;
        long exits;
        long errors;
        long restarts;
        final InventoryDurations durations = new InventoryDurations();
        long zeros;
        long onCpuNanos;
        long onCpuUncertain;
    }

    void enter(InventoryThread thread, int number, long time, int epoch) {
        calls.at(number).enters++;
        if (thread.call != InventoryThread.NONE && !neverReturns(thread.call)) {
            entersWithoutExit++;
        }
        thread.call = number;
        thread.callSince = time;
        thread.callOff = thread.offNanos();
        thread.callMissed = thread.missedReturns();
        thread.callEpoch = epoch;
    }

    void exit(InventoryThread thread, int number, long result, long time, int epoch) {
        boolean isPaired = isReturnOf(thread.call, number);
        Sums sums = calls.at(isPaired ? thread.call : number);
        sums.exits++;
        if (result < 0 && result >= -MAX_ERRNO && !(isPaired && thread.call != number)) {
            sums.errors++;
            if (-result >= FIRST_RESTART && -result <= LAST_RESTART) {
                sums.restarts++;
            }
        }
        if (isPaired) {
            if (thread.callEpoch == epoch) {
                measure(sums, thread, time);
            }
        } else {
            exitsWithoutEnter++;
            // The number of a thread that has exited may be that of the new one.
            boolean isFirst = thread.call == InventoryThread.NONE || neverReturns(thread.call);
            if (!isFirst) {
                entersWithoutExit++;
            } else if (isForking(number) && result == 0) {
                newThreads++;
            }
        }
        thread.call = InventoryThread.NONE;
    }

    /** A call of a thread that the recording does not name: counted, not paired. */
    void enterUnnamed(int number) {
        calls.at(number).enters++;
    }

    void exitUnnamed(int number, long result) {
        Sums sums = calls.at(number);
        sums.exits++;
        if (result < 0 && result >= -MAX_ERRNO) {
            sums.errors++;
        }
    }

    /** execve has made {@code to} of the thread {@code from}, whose call it returns from. */
    void moved(InventoryThread from, InventoryThread to) {
        if (from.call == InventoryThread.NONE) {
            return;
        }
        ends(to);
        to.call = from.call;
        to.callSince = from.callSince;
        to.callOff = to.offNanos() - (from.offNanos() - from.callOff);
        to.callMissed = to.missedReturns() - (from.missedReturns() - from.callMissed);
        to.callEpoch = from.callEpoch;
        from.call = InventoryThread.NONE;
    }

    /** The thread, or the recording, ends. */
    void ends(InventoryThread thread) {
        if (thread.call != InventoryThread.NONE && !neverReturns(thread.call)) {
            inFlight++;
        }
        thread.call = InventoryThread.NONE;
    }

    /**
     * @param hasSwitches whether switches are recorded, so that time on the CPU is known
     * @param isZeroKnown false if a call that returns the moment it is entered has an unknown duration (strace without -T)
     */
    Map<String, Inventory.Call> byName(boolean hasEnters, boolean hasSwitches, boolean isZeroKnown) {
        Map<String, Inventory.Call> byName = new TreeMap<>();
        calls.forEach(
                (number, sums) -> byName.put(Syscalls.name(number), told(sums, hasEnters, hasSwitches, isZeroKnown)));
        Sums none = new Sums();
        Sums others = calls.others(none);
        if (others != none) {
            byName.put("others", told(others, hasEnters, hasSwitches, isZeroKnown));
        }
        return byName;
    }

    private static Inventory.Call told(Sums sums, boolean hasEnters, boolean hasSwitches, boolean isZeroKnown) {
        if (isZeroKnown) {
            sums.durations.add(0, sums.zeros);
            sums.zeros = 0;
        }
        return new Inventory.Call(
                hasEnters ? sums.enters : sums.exits,
                sums.errors,
                sums.restarts,
                sums.durations,
                hasSwitches ? sums.onCpuNanos : Inventory.UNTOLD,
                sums.onCpuUncertain);
    }

    private static void measure(Sums sums, InventoryThread thread, long time) {
        long duration = time - thread.callSince;
        if (duration == 0) {
            sums.zeros++;
        } else {
            sums.durations.add(duration);
        }
        sums.onCpuNanos += Math.max(0, duration - (thread.offNanos() - thread.callOff));
        if (thread.missedReturns() != thread.callMissed) {
            sums.onCpuUncertain++;
        }
    }

    private static boolean isReturnOf(int entered, int returned) {
        if (entered == InventoryThread.NONE) {
            return false;
        }
        return entered == returned
                || returned == -1 && (entered == RT_SIGRETURN || entered == SIGRETURN_32 || entered == RT_SIGRETURN_32);
    }

    private static boolean isForking(int number) {
        return number == CLONE || number == FORK || number == VFORK || number == CLONE3;
    }

    private static boolean neverReturns(int number) {
        return number == EXIT || number == EXIT_GROUP;
    }
}

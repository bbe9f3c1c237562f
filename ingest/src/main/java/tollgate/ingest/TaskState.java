package tollgate.ingest;

/**
 * The state in which sched_switch leaves a thread, as one number: the letter that the kernel prints
 * ({@code R S D T t X Z P I}), plus {@link #PREEMPTED} where it prints a plus sign.
 *
 * <p>Source: include/trace/events/sched.h, fs/proc/array.c (task_state_array).
 */
public final class TaskState {
    public static final int RUNNABLE = 'R';
    public static final int PREEMPTED = 0x100;
    private static final String LETTERS = "SDTtXZPI";

    private TaskState() {}

    /** True if the thread left could have gone on: it was preempted or it yielded. */
    public static boolean isRunnable(int state) {
        return (state & 0xff) == RUNNABLE;
    }

    /**
     * From the binary field prev_state of sched_switch.
     *
     * @param bits 0 runnable; bit 0 S, 1 D, 2 T, 3 t, 4 X, 5 Z, 6 P, 7 I; 0x100 (0x80 before 4.14, not read) preempted
     */
    public static int ofBits(long bits) {
        int low = (int) bits & 0xff;
        int letter = low == 0 ? RUNNABLE : LETTERS.charAt(Integer.numberOfTrailingZeros(low));
        return (bits & 0x100) != 0 ? letter | PREEMPTED : letter;
    }

    /** As the kernel prints it. */
    public static String text(int state) {
        String letter = String.valueOf((char) (state & 0xff));
        return (state & PREEMPTED) != 0 ? letter + "+" : letter;
    }
}

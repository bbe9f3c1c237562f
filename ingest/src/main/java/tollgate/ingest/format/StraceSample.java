package tollgate.ingest.format;

/**
 * The first lines of an input, looked at to tell whether strace wrote them.
 *
 * @param calls lines that strace writes
 * @param others lines that it does not
 * @param withThread lines of strace that name their thread in a column of their own
 */
record StraceSample(int calls, int others, int withThread) {
    private static final int LINES = 64;
    private static final long HALF_A_DAY = 12L * 3600 * 1_000_000_000L;

    static StraceSample of(byte[] head) {
        StracePrefix prefix = new StracePrefix();
        int calls = 0;
        int others = 0;
        int withThread = 0;
        int from = 0;
        for (int n = 0; n < LINES && from < head.length; n++) {
            int to = lineEnd(head, from);
            if (to == head.length && n > 0) {
                break;
            }
            int body = prefix.parse(head, from, to);
            if (body >= 0 && StraceFile.isWritten(head, body, to)) {
                calls++;
                withThread += prefix.tid != StracePrefix.UNTOLD && head[from] != '[' ? 1 : 0;
            } else if (to > from) {
                others++;
            }
            from = to + 1;
        }
        return new StraceSample(calls, others, withThread);
    }

    boolean isMostlyStrace() {
        return calls > others;
    }

    boolean namesThreads() {
        return withThread > 0;
    }

    /** The columns of the first line that has a stamp; without any, of the last line. */
    static StracePrefix firstStamp(byte[] head) {
        StracePrefix prefix = new StracePrefix();
        for (int from = 0; from < head.length && prefix.stamp == StracePrefix.Stamp.NONE; ) {
            int to = lineEnd(head, from);
            prefix.parse(head, from, to);
            from = to + 1;
        }
        return prefix;
    }

    static boolean isMorning(StracePrefix first) {
        return first.stamp == StracePrefix.Stamp.DAY && first.time < HALF_A_DAY;
    }

    /** True if stamps of the day lie more than half a day apart: the recording has seen midnight, not a day's work. */
    static boolean crossesMidnight(StracePrefix[] firsts) {
        long least = Long.MAX_VALUE;
        long most = Long.MIN_VALUE;
        for (StracePrefix first : firsts) {
            if (first.stamp == StracePrefix.Stamp.DAY) {
                least = Math.min(least, first.time);
                most = Math.max(most, first.time);
            }
        }
        return most - least > HALF_A_DAY && least <= most;
    }

    private static int lineEnd(byte[] head, int from) {
        int to = from;
        while (to < head.length && head[to] != '\n') {
            to++;
        }
        return to;
    }
}

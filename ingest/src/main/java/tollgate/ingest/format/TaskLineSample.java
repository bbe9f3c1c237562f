package tollgate.ingest.format;

/**
 * The first lines of an input, looked at to tell whether they are {@link TaskLine}s and whose.
 *
 * @param events lines that are events
 * @param others lines that are neither events nor comments
 * @param padded events whose name is followed by two blanks or more: trace-cmd pads names to 20 characters
 */
record TaskLineSample(int events, int others, int padded) {
    private static final int LINES = 64;

    static TaskLineSample of(byte[] head) {
        TaskLine line = new TaskLine();
        int events = 0;
        int others = 0;
        int padded = 0;
        int from = 0;
        for (int n = 0; n < LINES && from < head.length; n++) {
            int to = from;
            while (to < head.length && head[to] != '\n') {
                to++;
            }
            if (to == head.length && n > 0) {
                break;
            }
            if (line.parse(head, from, to)) {
                events++;
                padded += !line.isFunction && line.fieldsFrom > line.nameTo + 2 ? 1 : 0;
            } else if (to > from && head[from] != '#') {
                others++;
            }
            from = to + 1;
        }
        return new TaskLineSample(events, others, padded);
    }

    boolean isMostlyEvents() {
        return events > others;
    }

    boolean isPadded() {
        return padded > 0;
    }
}

package tollgate.ingest;

/**
 * Input that cannot be used: one line with the place, what was expected, what was found and the way
 * out. The command line prints it as it is and ends with exit code 3.
 *
 * <p>Unchecked, since every reader may meet it at every byte and only the command line answers it.
 */
public class BadInput extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param place file and line or byte: {@code traces/redis.strace:1042}
     * @param problem what was expected, what was found and what to do, on one line
     */
    public BadInput(String place, String problem) {
        super(place + ": " + problem);
    }

    /** @param message several problems of one document at once, a line each, with its place */
    protected BadInput(String message) {
        super(message);
    }

    /** Foreign bytes made fit to be printed: control characters escaped, at most {@code limit} characters. */
    public static String show(String found, int limit) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < found.length() && shown.length() < limit; i++) {
            char c = found.charAt(i);
            if (c < ' ' || c == 0x7f || (c >= 0x80 && c < 0xa0)) {
                shown.append(String.format("\\x%02x", (int) c));
            } else {
                shown.append(c);
            }
        }
        return found.length() > limit ? shown + "..." : shown.toString();
    }
}

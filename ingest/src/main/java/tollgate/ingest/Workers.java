package tollgate.ingest;

import java.util.concurrent.ExecutorService;

/**
 * Who helps to decode a recording.
 *
 * @param threads that run pieces of the work; no piece waits for another, so that one thread is enough and threads may
 *     have other work
 * @param pieceBytes bytes of a recording that are decoded as one piece; pieces end with a whole line or frame
 */
public record Workers(ExecutorService threads, int pieceBytes) {
    /** 1 MiB, some 7,000 lines: handing over costs a ten-thousandth of decoding them. */
    private static final int PIECE = 1 << 20;

    public Workers {
        if (pieceBytes < 1) {
            throw new IllegalArgumentException("expected pieces of at least 1 byte, found " + pieceBytes);
        }
    }

    public Workers(ExecutorService threads) {
        this(threads, PIECE);
    }
}

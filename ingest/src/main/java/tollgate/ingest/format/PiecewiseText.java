package tollgate.ingest.format;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;
import tollgate.ingest.BadInput;
import tollgate.ingest.Batch;
import tollgate.ingest.Coverage;
import tollgate.ingest.Names;
import tollgate.ingest.Recording;
import tollgate.ingest.Tally;
import tollgate.ingest.Workers;

/**
 * A text read in pieces by several threads, with the events, names and tally of one reader, whatever the size of pieces and
 * the number of threads.
 *
 * <pre>
 *   text     |-- piece ---|-- piece ---|-- piece ---|-- piece ---|      cut behind line feeds
 *   threads      decoded      decoded      decoded
 *   whole        joined       read again   joined                       in order
 * </pre>
 *
 * <p>The whole is a reader like any other. A piece that begins where the whole stands is joined to it if it can be; else
 * the whole reads those lines itself, and beyond the border if a record is torn there: then the next piece does not begin
 * where the whole stands, and is read again too. At most {@link #AHEAD} pieces are held.
 */
final class PiecewiseText<R extends Piecewise<R>> implements Recording {
    private static final int AHEAD = 8;
    /** A piece without a line feed grows to this; then it is cut anywhere and left to the whole. */
    private static final int LONGEST = 4 * Lines.LONGEST;
    /** Behind the text of a piece: numbers may be loaded eight bytes at a time. */
    private static final int SLACK = 16;

    /** @param work null if the piece does not end with a line feed */
    private record Piece<R>(long from, byte[] bytes, int length, Future<Decoded<R>> work) {
        long to() {
            return from + length;
        }
    }

    /** @param lines of the piece, read to their end */
    private record Decoded<R>(R recording, List<Batch> batches, Lines lines) {}

    private final InputStream in;
    private final Workers workers;
    private final Lines lines = new Lines(new Feed());
    private final R whole;

    // Pieces from the one where the whole stands on.
    private final Deque<Piece<R>> pieces = new ArrayDeque<>();
    private byte[] rest = {};
    private long cut;
    private boolean atEnd;
    /** With which the input ended, or null. */
    private Exception failure;

    private long triedTo = -1;

    private int joins;

    // Events of the piece joined last.
    private final Deque<Batch> joined = new ArrayDeque<>();
    private int[] numbers = {};

    /** @param opener makes the reader of the whole */
    PiecewiseText(InputStream in, Workers workers, Function<Lines, R> opener) {
        this.in = in;
        this.workers = workers;
        whole = opener.apply(lines);
    }

    @Override
    public boolean read(Batch batch) throws IOException {
        batch.clear();
        while (true) {
            if (!joined.isEmpty()) {
                batch.copy(joined.remove());
                renumber(batch);
                whole.follow(batch);
                return true;
            }
            while (!pieces.isEmpty() && pieces.peek().to() <= lines.position()) {
                pieces.remove();
            }
            fill();
            Piece<R> next = pieces.peek();
            if (next != null && join(next)) {
                continue;
            }
            lines.pauseAt(next == null ? Long.MAX_VALUE : next.to());
            if (whole.read(batch) || next == null) {
                return batch.size() > 0;
            }
        }
    }

    @Override
    public Coverage coverage() {
        return whole.coverage();
    }

    @Override
    public Tally tally() {
        return whole.tally();
    }

    @Override
    public Names names() {
        return whole.names();
    }

    @Override
    public void close() throws IOException {
        pieces.forEach(piece -> {
            if (piece.work != null) {
                piece.work.cancel(/* mayInterruptIfRunning= */ false);
            }
        });
        in.close();
    }

    /** Pieces joined so far. */
    int joins() {
        return joins;
    }

    private boolean join(Piece<R> piece) {
        if (piece.work == null || piece.from != lines.position() || piece.from == triedTo) {
            return false;
        }
        triedTo = piece.from;
        Decoded<R> decoded = await(piece.work);
        if (decoded == null || !whole.join(decoded.recording)) {
            return false;
        }
        Names names = decoded.recording.names();
        numbers = new int[names.size()];
        for (int i = 0; i < numbers.length; i++) {
            byte[] name = names.bytes(i);
            numbers[i] = whole.names().id(name, 0, name.length);
        }
        joins++;
        joined.addAll(decoded.batches);
        lines.goOn(piece.to(), decoded.lines.number());
        return true;
    }

    private void renumber(Batch batch) {
        for (int i = 0; i < batch.size(); i++) {
            if (batch.comm[i] >= 0) {
                batch.comm[i] = numbers[batch.comm[i]];
            }
            if (batch.b[i] >= 0 && CsvText.NAMED_B.contains(batch.kind(i))) {
                batch.b[i] = numbers[(int) batch.b[i]];
            }
        }
    }

    private static <T> T await(Future<T> work) {
        try {
            return work.get();
        } catch (ExecutionException e) {
            // A piece answers damage with null; anything else the whole meets again, in its place.
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while reading", e);
        }
    }

    /** Cuts pieces until enough of them are on their way. */
    private void fill() {
        while (!atEnd && pieces.size() < AHEAD) {
            cut();
        }
    }

    private void cut() {
        byte[] bytes = Arrays.copyOf(rest, Math.max(rest.length, workers.pieceBytes()) + SLACK);
        int length = rest.length;
        int end = 0;
        while (end == 0 && !atEnd && length < LONGEST) {
            if (length == bytes.length - SLACK) {
                bytes = Arrays.copyOf(bytes, 2 * length + SLACK);
            }
            length = readOn(bytes, length);
            end = behindLastLineFeed(bytes, length);
        }
        boolean isWhole = end > 0;
        int to = isWhole ? end : length;
        rest = Arrays.copyOfRange(bytes, to, length);
        if (to > 0) {
            add(bytes, to, isWhole);
        }
        if (atEnd && rest.length > 0) {
            add(rest, rest.length, /* isWhole= */ false);
            rest = new byte[0];
        }
    }

    /** Fills the bytes up to the slack. @return up to where they are filled */
    private int readOn(byte[] bytes, int from) {
        int length = from;
        try {
            while (length < bytes.length - SLACK && !atEnd) {
                int n = in.read(bytes, length, bytes.length - SLACK - length);
                atEnd = n < 0;
                length += Math.max(n, 0);
            }
        } catch (IOException | BadInput e) {
            // Its turn comes behind all that was read before.
            failure = e;
            atEnd = true;
        }
        return length;
    }

    private void add(byte[] bytes, int length, boolean isWhole) {
        Future<Decoded<R>> work = isWhole && cut > 0 ? workers.threads().submit(() -> decode(bytes, length)) : null;
        pieces.add(new Piece<>(cut, bytes, length, work));
        cut += length;
    }

    private static int behindLastLineFeed(byte[] bytes, int length) {
        int i = length;
        while (i > 0 && bytes[i - 1] != '\n') {
            i--;
        }
        return i;
    }

    private Decoded<R> decode(byte[] bytes, int length) throws IOException {
        Lines own = new Lines(bytes, length);
        R piece = whole.piece(own);
        List<Batch> batches = new ArrayList<>();
        Batch batch = new Batch();
        while (piece.read(batch)) {
            batches.add(batch);
            batch = new Batch();
        }
        return own.isPlain() ? new Decoded<>(piece, batches, own) : null;
    }

    /** What the whole reads itself: the bytes of the pieces, from where it stands on. */
    private final class Feed extends InputStream {
        @Override
        public int read() {
            throw new UnsupportedOperationException("read in bulk");
        }

        @Override
        public int read(byte[] to, int at, int length) throws IOException {
            long from = lines.filledTo();
            while (!atEnd && (pieces.isEmpty() || pieces.peekLast().to() <= from)) {
                cut();
            }
            for (Piece<R> piece : pieces) {
                if (from >= piece.from && from < piece.to()) {
                    int n = (int) Math.min(length, piece.to() - from);
                    System.arraycopy(piece.bytes, (int) (from - piece.from), to, at, n);
                    return n;
                }
            }
            if (failure instanceof BadInput) {
                throw (BadInput) failure;
            }
            if (failure != null) {
                throw (IOException) failure;
            }
            return -1;
        }
    }
}

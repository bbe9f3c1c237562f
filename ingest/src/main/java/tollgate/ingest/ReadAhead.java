package tollgate.ingest;

import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * A recording that another thread reads ahead, so that decoding overlaps with what is done with the events: the same
 * events, names, tally and errors in the same order. At most {@link #PORTIONS} batches are held.
 *
 * <p>The two threads share nothing but portions that are handed over: a batch, and the names that are new in it. The tally
 * and the coverage of the recording may be looked at when {@link #read} has said that it is over, and not before.
 */
public final class ReadAhead implements Recording {
    /** Batches of 200 KB: enough for either side to wait seldom, few enough for a third-level cache. */
    private static final int PORTIONS = 8;

    /** @param failure what reading ended with, or null */
    private record Portion(Batch batch, byte[][] newNames, Throwable failure) {}

    private final Recording recording;
    private final Names names = new Names();
    private final BlockingQueue<Batch> free = new ArrayBlockingQueue<>(PORTIONS + 1);
    private final BlockingQueue<Portion> filled = new ArrayBlockingQueue<>(PORTIONS + 1);
    private final Thread reader;
    private volatile boolean isClosed;
    private boolean isOver;

    /** Begins to read. @param recording at its beginning, and from now on not to be used by anyone else; closed with this */
    public ReadAhead(Recording recording) {
        this.recording = recording;
        for (int i = 0; i < PORTIONS; i++) {
            free.add(new Batch());
        }
        reader = new Thread(this::fill, "read-ahead");
        reader.setDaemon(true);
        reader.start();
    }

    @Override
    public boolean read(Batch batch) throws IOException {
        batch.clear();
        if (isOver) {
            return false;
        }
        Portion portion = take(filled);
        for (byte[] name : portion.newNames) {
            names.id(name, 0, name.length);
        }
        if (portion.failure != null) {
            isOver = true;
            rethrow(portion.failure);
        }
        batch.copy(portion.batch);
        isOver = batch.size() == 0;
        free.add(portion.batch);
        return !isOver;
    }

    /** @throws IllegalStateException before {@link #read} has returned false, when it is not yet complete */
    @Override
    public Coverage coverage() {
        checkOver();
        return recording.coverage();
    }

    /** @throws IllegalStateException before {@link #read} has returned false, when it is not yet complete */
    @Override
    public Tally tally() {
        checkOver();
        return recording.tally();
    }

    /** Those of the events read so far; the recording may know more. */
    @Override
    public Names names() {
        return names;
    }

    @Override
    public void close() throws IOException {
        isClosed = true;
        // The reader may wait for a batch; it ends with the one that it gets, or before.
        free.offer(new Batch());
        boolean isInterrupted = false;
        while (reader.isAlive()) {
            try {
                reader.join();
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
        recording.close();
    }

    private void checkOver() {
        if (!isOver) {
            throw new IllegalStateException("still being read");
        }
    }

    /** What the reading thread does. There is room for all batches in either queue, so that adding never waits. */
    private void fill() {
        int told = 0;
        boolean isMore = true;
        while (isMore && !isClosed) {
            Throwable failure = null;
            Batch batch = take(free);
            try {
                isMore = !isClosed && recording.read(batch);
            } catch (IOException | RuntimeException | Error e) {
                failure = e;
                isMore = false;
            }
            Names all = recording.names();
            byte[][] newNames = new byte[all.size() - told][];
            for (int i = 0; i < newNames.length; i++) {
                newNames[i] = all.bytes(told++);
            }
            filled.add(new Portion(batch, newNames, failure));
        }
    }

    private static <T> T take(BlockingQueue<T> queue) {
        try {
            return queue.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while reading ahead", e);
        }
    }

    private static void rethrow(Throwable failure) throws IOException {
        if (failure instanceof IOException) {
            throw (IOException) failure;
        }
        if (failure instanceof Error) {
            throw (Error) failure;
        }
        throw (RuntimeException) failure;
    }
}

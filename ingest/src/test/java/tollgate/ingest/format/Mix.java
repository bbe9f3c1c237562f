package tollgate.ingest.format;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tollgate.ingest.Batch;
import tollgate.ingest.Formats;
import tollgate.ingest.Input;
import tollgate.ingest.Kind;
import tollgate.ingest.Names;
import tollgate.ingest.Recording;

/**
 * One long recording made of short ones, for measurements: all of them, one after the other, again and again until there
 * are as many events as wanted. With each repeat times go on, threads get numbers of their own, and order and pauses are
 * drawn from a fresh seed. Names stay, so that a program keeps its footprint.
 */
final class Mix {
    /** Numbers of threads end at PID_MAX_LIMIT (include/linux/threads.h); then the first are used again. */
    private static final int LAST_THREAD = (1 << 22) - 1;

    private static final int FIRST_THREAD = 1000;
    private static final int LONGEST_PAUSE = 10_000_000;

    private final List<Part> parts = new ArrayList<>();
    private int nextThread = FIRST_THREAD;

    private record Part(List<Batch> batches, Names names) {}

    /** Reads recordings; all of one. */
    Mix(List<Path> recordings) throws IOException {
        for (Path path : recordings) {
            try (Input input = Input.of(path);
                    Recording recording = Formats.recognise(input).open(input)) {
                List<Batch> batches = new ArrayList<>();
                Batch batch = new Batch();
                while (recording.read(batch)) {
                    batches.add(batch);
                    batch = new Batch();
                }
                parts.add(new Part(batches, recording.names()));
            }
        }
    }

    /** Takes one event, number {@code index} of a batch. */
    interface Sink {
        void accept(Batch batch, int index, Names names) throws IOException;
    }

    /** @param events exactly so many, {@link Kind#NAME} not counted */
    void write(long events, Sink sink) throws IOException {
        long left = events;
        long now = 1_000_000_000;
        for (int repeat = 0; left > 0; repeat++) {
            Random random = new Random(repeat);
            List<Part> order = new ArrayList<>(parts);
            Collections.shuffle(order, random);
            for (Part part : order) {
                now += 1 + random.nextInt(LONGEST_PAUSE);
                long shift = now - part.batches.get(0).time[0];
                Map<Integer, Integer> threads = new HashMap<>(Map.of(0, 0, -1, -1));
                for (Batch batch : part.batches) {
                    Batch moved = new Batch();
                    for (int i = 0; i < batch.size() && left > 0; i++) {
                        append(moved, batch, i, shift, threads);
                        now = moved.time[i];
                        sink.accept(moved, i, part.names);
                        left -= batch.kind(i) == Kind.NAME ? 0 : 1;
                    }
                }
            }
        }
    }

    private void append(Batch to, Batch from, int i, long shift, Map<Integer, Integer> threads) {
        Kind kind = from.kind(i);
        boolean hasThread = kind == Kind.SWITCH || kind == Kind.WAKEUP || kind == Kind.FORK || kind == Kind.EXEC;
        to.append(
                from.time[i] + shift,
                from.cpu[i],
                thread(from.tid[i], threads),
                thread(from.pid[i], threads),
                from.comm[i],
                kind,
                kind == Kind.FORK ? thread(from.code[i], threads) : from.code[i],
                hasThread ? thread((int) from.a[i], threads) : from.a[i],
                from.b[i]);
    }

    private int thread(int number, Map<Integer, Integer> threads) {
        Integer known = threads.get(number);
        if (known != null) {
            return known;
        }
        int fresh = nextThread;
        nextThread = fresh == LAST_THREAD ? FIRST_THREAD : fresh + 1;
        threads.put(number, fresh);
        return fresh;
    }

    /** @param args the perf.data to write, how many events, and the recordings */
    public static void main(String[] args) throws IOException {
        List<Path> recordings =
                List.of(args).subList(2, args.length).stream().map(Path::of).toList();
        try (PerfDataWriter writer = new PerfDataWriter(Path.of(args[0]))) {
            new Mix(recordings).write(Long.parseLong(args[1]), writer::write);
        }
    }
}

package tollgate.ingest.format;

import com.google.auto.service.AutoService;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tollgate.ingest.BadInput;
import tollgate.ingest.Format;
import tollgate.ingest.Input;
import tollgate.ingest.Recording;

/**
 * strace's text, of one process or many (-f), to a file (-o), to the standard error, or one file a thread in a folder
 * (-ff), with any of -t -tt -ttt -r -T -n -i -k -y -yy.
 *
 * <p>strace names no CPUs and tells only system calls, forks, execs and ends, of the tasks it follows. It slows a call
 * from 0.2 to 9 microseconds, so that its stamps are not to be read as costs. A 32-bit call is given the number that its
 * name has in the 64-bit table, unlike in recordings of the kernel.
 *
 * <p>Source: strace(1) of strace 6.1. Left out: the table of -c, which holds no events, and --pidns-translation.
 */
@AutoService(Format.class)
public final class Strace implements Format {
    private static final String SUMMARY = "% time     seconds  usecs/call";
    /** {@code out.18244}, as -ff names its files; perhaps compressed since. */
    private static final Pattern OF_ONE_THREAD = Pattern.compile(".*\\.(\\d{1,7})(\\.zst|\\.gz)?");
    /** Bytes that are searched for the number of the first process: ten thousands of lines, a few milliseconds. */
    private static final int SEARCHED = 8 << 20;
    /** Bytes of buffer for one file of many: thousands of threads may live at one time. */
    private static final int BUFFER = 1 << 14;
    /** Bytes of a file's beginning that hold its first line with a stamp. */
    private static final int BEGINNING = 1 << 14;

    @Override
    public String name() {
        return "strace";
    }

    @Override
    public String description() {
        return "strace text: strace -f -ttt -T -o FILE, or a folder of strace -ff";
    }

    @Override
    public int confidence(Input input) throws IOException {
        if (input.isDirectory()) {
            List<Path> files = filesOf(input.path());
            return files.isEmpty() ? 0 : confidence(beginning(files.get(0)));
        }
        return confidence(input.head());
    }

    private static int confidence(byte[] head) {
        if (Text.startsWith(head, 0, head.length, SUMMARY)) {
            return 60;
        }
        return StraceSample.of(head).isMostlyStrace() ? 80 : 0;
    }

    @Override
    public Recording open(Input input) throws IOException {
        StraceState state = new StraceState(input.damage());
        if (input.isDirectory()) {
            return new StraceRecording(state, parts(input, state));
        }
        byte[] head = input.head();
        if (Text.startsWith(head, 0, head.length, SUMMARY)) {
            throw new BadInput(
                    input.name() + ":1", "expected calls, found the summary of strace -c; record without -c");
        }
        boolean namesThreads = StraceSample.of(head).namesThreads();
        Matcher oneThread = OF_ONE_THREAD.matcher(input.path().getFileName().toString());
        int owner =
                namesThreads ? -1 : oneThread.matches() ? Integer.parseInt(oneThread.group(1)) : firstProcess(input);
        return new StraceRecording(
                state,
                List.of(new StraceRecording.Part(
                        0,
                        0,
                        () -> new StraceFile(
                                input.name(),
                                new Lines(input.stream()),
                                state,
                                owner, /* isOneThread */
                                false,
                                false))));
    }

    private static List<StraceRecording.Part> parts(Input folder, StraceState state) throws IOException {
        List<Path> files = filesOf(folder.path());
        StracePrefix[] firsts = new StracePrefix[files.size()];
        for (int i = 0; i < firsts.length; i++) {
            firsts[i] = StraceSample.firstStamp(beginning(files.get(i)));
        }
        boolean crossesMidnight = StraceSample.crossesMidnight(firsts);
        List<StraceRecording.Part> parts = new ArrayList<>();
        for (int i = 0; i < firsts.length; i++) {
            Path path = files.get(i);
            int tid = threadOf(path);
            boolean isNextDay = crossesMidnight && StraceSample.isMorning(firsts[i]);
            long start = firsts[i].time + (isNextDay ? StraceFile.DAY : 0);
            parts.add(new StraceRecording.Part(tid, start, () -> {
                Lines lines = new Lines(Input.of(path).stream(), BUFFER);
                return new StraceFile(path.toString(), lines, state, tid, /* isOneThread */ true, isNextDay);
            }));
        }
        try (Stream<Path> all = Files.list(folder.path())) {
            all.filter(path -> !files.contains(path))
                    .sorted()
                    .forEach(path ->
                            state.tally.note("skipped " + path.getFileName()).increment());
        }
        return parts;
    }

    private static List<Path> filesOf(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file ->
                            OF_ONE_THREAD.matcher(file.getFileName().toString()).matches())
                    .sorted()
                    .toList();
        }
    }

    private static int threadOf(Path file) {
        Matcher name = OF_ONE_THREAD.matcher(file.getFileName().toString());
        return name.matches() ? Integer.parseInt(name.group(1)) : -1;
    }

    private static byte[] beginning(Path file) throws IOException {
        try (Input input = Input.of(file);
                InputStream in = input.stream()) {
            return in.readNBytes(BEGINNING);
        }
    }

    /**
     * On the standard error strace names no process while there is one. Its number shows when a second one lives: the
     * first {@code [pid N]} that no message has announced. -1 if it never does.
     */
    private static int firstProcess(Input input) throws IOException {
        Set<Integer> announced = new HashSet<>();
        StracePrefix prefix = new StracePrefix();
        try (Lines lines = new Lines(input.stream())) {
            for (long searched = 0; searched < SEARCHED && lines.next(); searched += lines.to() - lines.from()) {
                byte[] b = lines.bytes();
                int message = Text.indexOf(b, lines.from(), lines.to(), "strace: Process ");
                if (message >= 0) {
                    announced.add((int) Text.decimal(b, message + "strace: Process ".length(), lines.to()));
                }
                if (b[lines.from()] == '['
                        && prefix.parse(b, lines.from(), lines.to()) >= 0
                        && prefix.tid != StracePrefix.UNTOLD
                        && !announced.contains(prefix.tid)) {
                    return prefix.tid;
                }
            }
        }
        return -1;
    }
}

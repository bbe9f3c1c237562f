package tollgate.ingest.format;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import tollgate.ingest.Batch;
import tollgate.ingest.Coverage;
import tollgate.ingest.Format;
import tollgate.ingest.Input;
import tollgate.ingest.Kind;
import tollgate.ingest.Names;
import tollgate.ingest.Recording;
import tollgate.ingest.Tally;

/** A whole recording read into a list, for tests. */
record Events(List<Event> list, Tally tally, Coverage coverage, List<String> names) {
    /** One event with its names spelled out; {@code other} is the name whose id stands in b, where the kind has one. */
    record Event(
            long time, int cpu, int tid, int pid, String comm, Kind kind, int code, long a, long b, String other) {}

    static Events read(Format format, Path path) throws IOException {
        return read(format, path, Input.Damage.REFUSE);
    }

    static Events read(Format format, Path path, Input.Damage damage) throws IOException {
        try (Input input = Input.of(path, damage);
                Recording recording = format.open(input)) {
            return all(recording);
        }
    }

    /** Reads a recording to its end. */
    static Events all(Recording recording) throws IOException {
        List<Event> list = new ArrayList<>();
        Batch batch = new Batch();
        while (recording.read(batch)) {
            for (int i = 0; i < batch.size(); i++) {
                list.add(event(recording.names(), batch, i));
            }
        }
        List<String> names = IntStream.range(0, recording.names().size())
                .mapToObj(recording.names()::name)
                .toList();
        return new Events(list, recording.tally(), recording.coverage(), names);
    }

    static Event event(Names names, Batch batch, int i) {
        Kind kind = batch.kind(i);
        boolean named = kind == Kind.SWITCH || kind == Kind.FORK || kind == Kind.WAKEUP;
        return new Event(
                batch.time[i],
                batch.cpu[i],
                batch.tid[i],
                batch.pid[i],
                names.name(batch.comm[i]),
                kind,
                batch.code[i],
                batch.a[i],
                named ? 0 : batch.b[i],
                named ? names.name((int) batch.b[i]) : "");
    }

    /** All that the tally tells, and how often. */
    Map<String, Object> told() {
        Map<String, Object> told = new TreeMap<>(tracepoints());
        tally.notes().forEach((what, count) -> told.put("note: " + what, count.value()));
        tally.header().forEach((key, value) -> told.put("header: " + key, value));
        told.put("lost", tally.lost() + " in " + tally.lossReports());
        told.put("out of order", tally.outOfOrder());
        told.put("ends early", tally.endsEarly());
        told.put("skipped", tally.skipped() + " " + tally.firstSkipped());
        return told;
    }

    Event get(int index) {
        return list.get(index);
    }

    List<Event> of(Kind kind) {
        return list.stream().filter(event -> event.kind() == kind).toList();
    }

    /** Counts of system calls entered, by number. */
    Map<Integer, Long> calls() {
        Map<Integer, Long> calls = new TreeMap<>();
        of(Kind.SYSCALL_ENTER).forEach(event -> calls.merge(event.code(), 1L, Long::sum));
        return calls;
    }

    long note(String what) {
        Tally.Count count = tally.notes().get(what);
        return count == null ? 0 : count.value();
    }

    Map<String, Long> tracepoints() {
        Map<String, Long> counts = new TreeMap<>();
        tally.tracepoints().forEach((name, count) -> counts.put(name, count.value()));
        return counts;
    }
}

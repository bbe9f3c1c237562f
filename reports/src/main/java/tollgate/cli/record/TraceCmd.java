package tollgate.cli.record;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code trace-cmd record}: always of the whole machine, and for root only. It leaves its own threads out itself. */
final class TraceCmd implements Recorder {
    /** KiB for each CPU. */
    private static final String BUFFER = "8192";

    @Override
    public String name() {
        return "trace-cmd";
    }

    @Override
    public String suffix() {
        return ".trace.dat";
    }

    @Override
    public Attempt prepare(Machine machine, Request request) throws IOException {
        Optional<Path> program = machine.find(name());
        if (program.isEmpty()) {
            return Attempt.refused("not on the search path; install trace-cmd");
        }
        Path nothing = Files.createTempFile("tollgate", ".trace.dat");
        Events events;
        try {
            events = Events.tried(machine, Wanted.of(request), wanted -> {
                List<String> command = words(program.get().toString(), wanted, nothing);
                command.addAll(Machine.NOTHING);
                return machine.run(command);
            });
        } finally {
            Files.deleteIfExists(nothing);
        }
        if (!events.refusal().isEmpty()) {
            return Attempt.refused(events.refusal()
                    + (machine.isRoot()
                            ? "; the kernel is locked down or this is a container: record on the host"
                            : "; it needs root: run this with sudo"));
        }
        List<String> command = words(name(), events.permitted(), request.output());
        command.addAll(request.command());
        return Attempt.of(new Plan(
                version(machine, program.get()),
                "the whole machine; what else was in the kernel's trace buffer is lost",
                command,
                events.leftOut(),
                Cost.TRACE_CMD,
                false,
                false));
    }

    private static String version(Machine machine, Path program) throws IOException {
        return machine.run(List.of(program.toString(), "--version"))
                .output()
                .lines()
                .filter(line -> line.startsWith("trace-cmd version "))
                .map(line -> "trace-cmd " + line.split(" ")[2])
                .findFirst()
                .orElse("trace-cmd");
    }

    private static List<String> words(String program, List<Wanted> events, Path output) {
        // -d: the function tracer is left as it is. -q: its counters for each CPU are not for the workload's output.
        List<String> words = new ArrayList<>(List.of(program, "record", "-q", "-d", "-C", "mono", "-b", BUFFER));
        for (Wanted group : events) {
            group.events().forEach(event -> words.addAll(List.of("-e", event)));
        }
        words.addAll(List.of("-o", output.toString()));
        return words;
    }
}

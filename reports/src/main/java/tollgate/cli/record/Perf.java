package tollgate.cli.record;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code perf record}: of the whole machine where that is permitted, else of the workload's tasks alone.
 *
 * <p>The recorder is kept out of its own trace by {@code --exclude-perf}, an option of the event before it, but only of
 * what a task does itself ({@link Wanted#isOfTheTask}).
 */
final class Perf implements Recorder {
    /** 4 MiB for each CPU: 40,000 events, some tens of milliseconds of the busiest; more is locked memory on large machines. */
    private static final String BUFFER_PAGES = "1024";

    @Override
    public String name() {
        return "perf";
    }

    @Override
    public String suffix() {
        return ".perf.data";
    }

    @Override
    public Attempt prepare(Machine machine, Request request) throws IOException {
        Optional<Path> program = machine.find(name());
        if (program.isEmpty()) {
            return Attempt.refused(
                    "not on the search path; install linux-perf (Debian), linux-tools-$(uname -r) (Ubuntu)"
                            + " or perf (Fedora, Arch, SUSE)");
        }
        Machine.Trial version = machine.run(List.of(program.get().toString(), "--version"));
        if (!version.succeeded()) {
            return Attempt.refused(version.said() + "; install the perf that belongs to this kernel");
        }
        List<String> options = options(machine, program.get());
        Events everywhere = events(machine, request, program.get(), options, true);
        if (everywhere.refusal().isEmpty()) {
            return Attempt.of(plan(machine, request, version, options, everywhere, true));
        }
        if (request.guest()) {
            return Attempt.refused(advice(machine, everywhere.refusal()));
        }
        Events own = events(machine, request, program.get(), options, false);
        return own.refusal().isEmpty()
                ? Attempt.of(plan(machine, request, version, options, own, false))
                : Attempt.refused(advice(machine, everywhere.refusal()));
    }

    /** What this perf knows of what we would like; older ones lack some. */
    private static List<String> options(Machine machine, Path program) throws IOException {
        String usage = machine.run(List.of(program.toString(), "record", "-h")).output();
        List<String> options = new ArrayList<>();
        if (machine.isRoot()) {
            options.addAll(List.of("-m", BUFFER_PAGES));
        }
        if (usage.contains("--clockid")) {
            options.addAll(List.of("-k", "CLOCK_MONOTONIC"));
        }
        if (usage.contains("--namespaces") && machine.isRoot()) {
            options.add("--namespaces");
        }
        if (usage.contains("--synth")) {
            options.add("--synth=task"); // names of tasks, not the maps of every process
        }
        options.add("-B");
        options.add("-N"); // no build ids: nobody here looks up symbols
        return options;
    }

    private static Events events(
            Machine machine, Request request, Path program, List<String> options, boolean everywhere)
            throws IOException {
        Path nothing = Files.createTempFile("tollgate", ".perf.data");
        try {
            return Events.tried(machine, Wanted.of(request), events -> {
                List<String> command = words(program.toString(), options, events, everywhere);
                command.addAll(List.of("-o", nothing.toString(), "--"));
                command.addAll(Machine.NOTHING);
                return machine.run(command);
            });
        } finally {
            Files.deleteIfExists(nothing);
            Files.deleteIfExists(Path.of(nothing + ".old"));
        }
    }

    private static String paranoid(Machine machine) {
        return machine.read("proc/sys/kernel/perf_event_paranoid")
                .filter(level -> !machine.isRoot())
                .map(level -> " (kernel.perf_event_paranoid is " + level + "; sudo or -1 would permit it)")
                .orElse("");
    }

    private Plan plan(
            Machine machine,
            Request request,
            Machine.Trial version,
            List<String> options,
            Events events,
            boolean everywhere) {
        List<String> command = words(name(), options, events.permitted(), everywhere);
        command.addAll(List.of("-o", request.output().toString()));
        if (!everywhere && request.pid().isPresent()) {
            command.addAll(List.of("-p", String.valueOf(request.pid().getAsLong())));
        }
        if (!request.command().isEmpty()) {
            command.add("--");
            command.addAll(request.command());
        }
        return new Plan(
                "perf " + version.firstLine().replaceFirst("^perf version ", ""),
                everywhere
                        ? "the whole machine"
                        : "the workload's tasks alone: the whole machine is not permitted" + paranoid(machine)
                                + ", so what others evict is unseen",
                command,
                events.leftOut(),
                Cost.PERF,
                !everywhere,
                true);
    }

    private static List<String> words(String program, List<String> options, List<Wanted> events, boolean everywhere) {
        List<String> words = new ArrayList<>(List.of(program, "record"));
        if (everywhere) {
            words.add("-a");
        }
        words.addAll(options);
        List<String> ofTasks = names(events, true);
        if (!ofTasks.isEmpty()) {
            words.addAll(List.of("-e", String.join(",", ofTasks)));
            if (everywhere) {
                words.add("--exclude-perf"); // of the events of the -e before it
            }
        }
        List<String> ofCpus = names(events, false);
        if (!ofCpus.isEmpty()) {
            words.addAll(List.of("-e", String.join(",", ofCpus)));
        }
        return words;
    }

    private static List<String> names(List<Wanted> events, boolean ofTheTask) {
        return events.stream()
                .filter(group -> group.isOfTheTask() == ofTheTask)
                .flatMap(group -> group.events().stream())
                .toList();
    }

    private static String advice(Machine machine, String complaint) {
        String paranoid = machine.read("proc/sys/kernel/perf_event_paranoid")
                .map(level -> "kernel.perf_event_paranoid is " + level + ", and ")
                .orElse("");
        if (machine.isRoot()) {
            return complaint + "; " + paranoid
                    + "even root is refused: in a container, give it --privileged or record on" + " the host";
        }
        return complaint + "; " + paranoid + "tracepoints need root or -1 there and a readable /sys/kernel/tracing: run"
                + " this with sudo, or once 'sudo sysctl kernel.perf_event_paranoid=-1; sudo mount -o"
                + " remount,mode=755,gid=$(id -g) /sys/kernel/tracing'";
    }
}

package tollgate.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import tollgate.cli.record.Attempt;
import tollgate.cli.record.Machine;
import tollgate.cli.record.Plan;
import tollgate.cli.record.Recorder;
import tollgate.cli.record.Request;
import tollgate.cli.record.Run;
import tollgate.cli.record.SidecarText;
import tollgate.cli.record.Surroundings;
import tollgate.cli.record.Words;
import tollgate.cli.record.Workload;

/** {@code tollgate record}: a trace of one's own, with what this machine permits, and the line to type next. */
@Command(
        name = "record",
        header = "Record a workload of your own with what this machine permits.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Records a command, a running process or all guests with what is installed and permitted here (perf,"
                    + " trace-cmd or strace), and writes beside the recording what 'compare' must know: whose time"
                    + " counts, and what it was recorded under.",
            "",
            "It shows the exact command first. Ctrl-C ends the recording, not the work: the sidecar is still written. Under"
                    + " sudo the command runs as root; to record it as yourself, start it first and --attach.",
            "",
            "Two seconds of steady work are enough; a busy server writes about 10 MB in each. The exit code is the"
                    + " command's own where the recorder tells it.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  tollgate record -- make -j2",
            "  tollgate record --dry-run -- make -j2        # only show what would be run",
            "  tollgate record --duration 5s -- sh -c 'while :; do git status; done'",
            "  sudo tollgate record --attach $(pidof -s nginx) --duration 5s",
            "  sudo tollgate record --guest --duration 10s  # all guests, from their host"
        })
final class RecordCommand implements Callable<Integer> {
    private enum Tool {
        PERF,
        TRACE_CMD,
        STRACE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "what to run, with its arguments")
    private List<String> words = List.of();

    @Option(
            names = "--attach",
            paramLabel = "PID",
            description = "record a process that runs already, with its children")
    private Long pid;

    @Option(names = "--guest", description = "record VM exits too: of all guests, or of the command or process given")
    private boolean guest;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "the recording; default: the command's name. An earlier one there is replaced.")
    private Path output;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            converter = Duration.class,
            description =
                    "stop after this time, such as 5s or 500ms, of which the recorder takes some tenths of a second to begin;"
                            + " default: when the command ends, or at Ctrl-C")
    private Long nanos;

    @Option(
            names = "--with",
            paramLabel = "TOOL",
            description = "${COMPLETION-CANDIDATES}; default: the first of them that is permitted")
    private Tool tool;

    @Option(names = "--dry-run", description = "show the command and what it costs, and do not run it")
    private boolean isDry;

    private final Machine machine;
    private final PrintStream err = System.err;

    RecordCommand() {
        this(Machine.here());
    }

    RecordCommand(Machine machine) {
        this.machine = machine;
    }

    /** A number with its unit; seconds without one. */
    static final class Duration implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            if (!text.matches("[0-9]{1,6}(\\.[0-9]{1,3})?(ms|s|m)?") || text.matches("[0.]+[a-z]*")) {
                throw new TypeConversionException("expected a time such as 5s, 500ms or 2m, found '" + text + "'");
            }
            String number = text.replaceAll("[a-z]", "");
            double unit = text.endsWith("ms") ? 1e6 : text.endsWith("m") ? 60e9 : 1e9;
            return (long) (Double.parseDouble(number) * unit);
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        check();
        Recorder recorder = null;
        Plan plan = null;
        List<String> refusals = new ArrayList<>();
        Request request = null;
        for (Recorder each : Recorder.ALL) {
            if (plan == null && (tool == null || tool.toString().equals(each.name()))) {
                Request asked = new Request(words, pidIfAny(), guest, output(each));
                Attempt attempt = each.prepare(machine, asked);
                if (attempt.plan().isPresent()) {
                    recorder = each;
                    request = asked;
                    plan = attempt.plan().get();
                } else {
                    refusals.add(each.name() + ": " + attempt.refusal());
                }
            }
        }
        if (plan == null) {
            err.println("tollgate: nothing can be recorded here" + (tool == null ? "" : " with " + tool));
            refusals.forEach(refusal -> err.println("  " + refusal));
            return Main.CANNOT_WRITE;
        }
        show(plan, refusals);
        if (isDry) {
            System.out.println(Words.shown(plan.command()));
            return 0;
        }
        return run(recorder, request, plan);
    }

    private void check() {
        if (words.isEmpty() && pid == null && !guest) {
            throw wrong("what shall be recorded? Give a COMMAND, --attach PID or --guest");
        }
        if (!words.isEmpty() && pid != null) {
            throw wrong("either a COMMAND or --attach, not both");
        }
        if (!words.isEmpty() && machine.find(words.get(0)).isEmpty()) {
            throw wrong("no program '" + words.get(0) + "' on the search path");
        }
        if (pid != null && !Files.isDirectory(machine.file("proc/" + pid))) {
            throw wrong("no process " + pid);
        }
        Path folder = output == null ? null : output.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw wrong("no folder " + folder + " for the recording; make it first");
        }
        if (Files.notExists(machine.file("proc/sys/kernel/osrelease"))) {
            throw wrong("recording needs Linux; record there and bring the file: 'tollgate list formats'");
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private OptionalLong pidIfAny() {
        return pid == null ? OptionalLong.empty() : OptionalLong.of(pid);
    }

    private Path output(Recorder recorder) {
        if (output != null) {
            return output;
        }
        String stem = stem();
        Path file = Path.of(stem + recorder.suffix());
        for (int i = 2; Files.exists(file); i++) {
            file = Path.of(stem + "-" + i + recorder.suffix());
        }
        return file;
    }

    private String stem() {
        String name = pid != null
                ? machine.read("proc/" + pid + "/comm").orElse("process-" + pid)
                : words.isEmpty()
                        ? "guests"
                        : String.valueOf(Path.of(words.get(0)).getFileName());
        return name.replaceAll("[^A-Za-z0-9_+-]", "-").replaceFirst("^-+", "");
    }

    private void show(Plan plan, List<String> refusals) {
        refusals.forEach(refusal -> row("not with", refusal));
        row("with", plan.tool() + ", of " + plan.scope());
        plan.leftOut().forEach(each -> row("without", each));
        row("cost", plan.cost().toString());
        if (!isDry) {
            row("running", Words.shown(plan.command()));
        }
        if (words.isEmpty() && nanos == null && !isDry) {
            row("", "until Ctrl-C");
        }
    }

    private void row(String label, String text) {
        err.printf("  %-10s%s%n", label, text);
    }

    private int run(Recorder recorder, Request request, Plan plan) throws IOException, InterruptedException {
        Set<Integer> roots = threads();
        try (Run run = Run.start(machine, plan.command())) {
            int code = run.await(nanos == null ? OptionalLong.empty() : OptionalLong.of(nanos));
            int result = finish(recorder, request, plan, roots, run.wasStopped() ? 0 : code);
            run.exitCode(result);
            return result;
        }
    }

    /** Threads of the process to attach to and of its children; what they fork later is in the recording. */
    private Set<Integer> threads() {
        Set<Integer> threads = new TreeSet<>();
        if (pid != null) {
            List<Long> processes = new ArrayList<>(List.of(pid));
            ProcessHandle.of(pid).ifPresent(handle -> handle.descendants().forEach(each -> processes.add(each.pid())));
            for (long each : processes) {
                machine.list("proc/" + each + "/task").forEach(tid -> threads.add(Integer.parseInt(tid)));
            }
        }
        return threads;
    }

    private int finish(Recorder recorder, Request request, Plan plan, Set<Integer> roots, int code) throws IOException {
        Path file = request.output();
        if (!Files.isRegularFile(file) || Files.size(file) == 0) {
            err.println("tollgate: " + recorder.name() + " wrote no recording (exit code " + code
                    + "); what it said stands above");
            return Main.CANNOT_WRITE;
        }
        giveBack(file);
        Workload workload = Workload.find(file, roots, guest && words.isEmpty());
        Surroundings under = Surroundings.of(machine);
        Path sidecar = file.resolveSibling(file.getFileName() + ".yaml");
        Files.writeString(
                sidecar, SidecarText.of(description(), recorder.name(), workload, under, plan, plan.command()));
        giveBack(sidecar);
        summary(file, sidecar, workload, under, plan);
        boolean failed = plan.passesExitCode() && !words.isEmpty() && code != 0;
        if (failed) {
            err.println("tollgate: the command ended with exit code " + code + "; its recording is kept");
        }
        return failed ? code : 0;
    }

    private String description() {
        if (!words.isEmpty()) {
            return Words.shown(words);
        }
        return pid == null
                ? "all guests"
                : machine.read("proc/" + pid + "/comm").orElse("process") + ", process " + pid;
    }

    /** Under sudo the files go to the person who typed it, so that the next command needs none. */
    private void giveBack(Path file) throws IOException {
        String uid = System.getenv("SUDO_UID");
        String gid = System.getenv("SUDO_GID");
        if (machine.isRoot() && uid != null && gid != null && (uid + gid).matches("[0-9]{2,18}")) {
            Files.setAttribute(file, "unix:uid", Integer.parseInt(uid));
            Files.setAttribute(file, "unix:gid", Integer.parseInt(gid));
        }
    }

    private void summary(Path file, Path sidecar, Workload workload, Surroundings under, Plan plan) {
        err.println();
        row(
                "recorded",
                String.format(
                        Locale.ROOT,
                        "%s: %,d events in %.2f s%s",
                        file,
                        workload.allEvents(),
                        workload.nanos() / 1e9,
                        workload.lost() > 0
                                ? ", and " + workload.lost() + " lost: the recorder could not keep up"
                                : ""));
        row("sidecar", sidecar + ": " + whose(workload, plan));
        if (!plan.isTasksOnly() && workload.isFound()) {
            row(
                    "its cost",
                    String.format(
                            Locale.ROOT,
                            "%,d events of the workload took about %s of its time (%s to %s)",
                            workload.events(),
                            time(workload.events() * plan.cost().mid()),
                            time(workload.events() * plan.cost().low()),
                            time(workload.events() * plan.cost().high())));
        }
        row(
                "priced",
                under.choice().fits()
                        ? "for " + under.choice().profile() + ", which this machine is ("
                                + under.choice().core() + ")"
                        : "for " + under.choice().profile() + ", the nearest profile there is to this machine's "
                                + under.choice().core());
        row(
                "next",
                Words.shown(List.of(
                        launcher(),
                        "compare",
                        file.toString(),
                        "--cpu",
                        under.choice().profile(),
                        "-o",
                        stem() + "-report")));
    }

    private static String time(long nanos) {
        return nanos < 1_000_000
                ? String.format(Locale.ROOT, "%.1f us", nanos / 1e3)
                : String.format(Locale.ROOT, "%.0f ms", nanos / 1e6);
    }

    private String whose(Workload workload, Plan plan) {
        if (plan.isTasksOnly()) {
            return "all tasks of the recording are the workload";
        }
        if (!workload.comms().isEmpty()) {
            return "the workload is " + String.join(", ", workload.comms());
        }
        if (!workload.pids().isEmpty()) {
            return "the workload is " + counted(workload.pids().size(), "process", "processes") + ", by number";
        }
        if (!workload.tids().isEmpty()) {
            return "the workload is " + counted(workload.tids().size(), "thread", "threads") + ", by number";
        }
        return (guest && words.isEmpty()
                        ? "no VM exit was seen (does a guest run?)"
                        : "nothing of the workload was seen")
                + ", so all tasks count; name the workload there";
    }

    private static String counted(int count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }

    /** As the user typed it, so that the line can be typed again. */
    private static String launcher() {
        return Optional.ofNullable(System.getenv("TOLLGATE_COMMAND")).orElse("tollgate");
    }
}

package tollgate.cli.record;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A machine in a folder: files under proc and sys, and scripts that stand in for recorders. */
public final class MadeUpMachine {
    /** What the recorders "record": the recorder's child becomes {@code make}, which forks {@code cc1}; bash looks on. */
    public static final String RECORDING = String.join(
            "\n",
            "# tracer: nop",
            "#",
            "       perf-exec-100     [000] d....     1.000000: sys_enter: NR 59 (0, 0, 0, 0, 0, 0)",
            "            make-100     [000] d....     1.000100: sched_process_exec: filename=/usr/bin/make pid=100 old_pid=100",
            "            make-100     [000] d....     1.000200: sys_exit: NR 59 = 0",
            "            make-100     [000] d....     1.000300: sched_process_fork: comm=make pid=100 child_comm=make"
                    + " child_pid=101",
            "            make-101     [001] d....     1.000400: sys_enter: NR 59 (0, 0, 0, 0, 0, 0)",
            "             cc1-101     [001] d....     1.000500: sched_process_exec: filename=/usr/bin/cc1 pid=101 old_pid=101",
            "             cc1-101     [001] d....     1.000600: sys_exit: NR 59 = 0",
            "            bash-7       [000] d....     1.000700: sys_enter: NR 39 (0, 0, 0, 0, 0, 0)",
            "            bash-7       [000] d....     1.000800: sys_exit: NR 39 = 7",
            "");

    public final Path root;
    private final Path bin;
    private boolean isRoot = true;

    public MadeUpMachine(Path folder) throws IOException {
        root = folder.resolve("root");
        bin = folder.resolve("bin");
        Files.createDirectories(bin);
        file("proc/sys/kernel/osrelease", "6.1.0-test\n");
        file(
                "proc/cpuinfo",
                "processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 85\nmodel name\t: Intel(R) Xeon(R)"
                        + " Platinum 8160\nstepping\t: 4\nflags\t\t: fpu pti\n\nprocessor\t: 1\nmodel\t\t: 0\n");
    }

    public MadeUpMachine file(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return this;
    }

    public MadeUpMachine notRoot() {
        isRoot = false;
        return this;
    }

    /** A program; its text runs under sh with all that real ones find. */
    public MadeUpMachine program(String name, String... lines) throws IOException {
        Path file = bin.resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        if (!file.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + file + " executable");
        }
        return this;
    }

    /** A perf 6.1 that refuses each of these events and else records {@link #RECORDING}; exits as {@code EXIT} says. */
    public MadeUpMachine perf(String... refused) throws IOException {
        Files.writeString(root.resolve("recording"), RECORDING);
        return program(
                "perf",
                "[ \"$1\" = --version ] && { echo perf version 6.1.2; exit 0; }",
                "[ \"$2\" = -h ] && { echo '  -k, --clockid <clockid>'; echo '  --synth <no|all>'; echo ' --namespaces'; exit 129; }",
                "for event in " + String.join(" ", refused) + "; do",
                "  case \"$*\" in *$event*) printf 'Error:\\nNo permission to enable %s event.\\n\\n' $event; exit 255;; esac",
                "done",
                "while [ \"$1\" != -o ]; do shift; done",
                "cp " + root.resolve("recording") + " \"$2\"",
                "[ \"$4\" = /bin/sh ] && exit 0",
                "exit ${EXIT:-0}");
    }

    /**
     * A perf 6.1 that behaves to a user as Linux 6.18 lets it, word for word: tracefs that he may not read is refused before
     * all else; up to level 1 he may have system calls of his own tasks; from 2 on perf asks for user mode alone (and runs
     * the modifier into the name), which is refused too.
     */
    public MadeUpMachine perfFor(int paranoid, boolean mayReadTracefs) throws IOException {
        notRoot().file("proc/sys/kernel/perf_event_paranoid", paranoid + "\n");
        return program(
                "perf",
                "[ \"$1\" = --version ] && { echo perf version 6.1.187; exit 0; }",
                "[ \"$2\" = -h ] && { echo '  -k, --clockid <clockid>'; echo '  --synth <no|all>'; exit 129; }",
                "everywhere=; events=; before=",
                "for word; do",
                "  [ \"$word\" = -- ] && break",
                "  [ \"$word\" = -a ] && everywhere=yes",
                "  [ \"$before\" = -e ] && events=\"$events $(echo \"$word\" | tr , ' ')\"",
                "  before=$word",
                "done",
                "set -- $events",
                mayReadTracefs
                        ? ":"
                        : "printf \"event syntax error: '%s'\\n     \\\\___ can't access trace events\\n\\nError:\\tNo permissions to"
                                + " read /sys/kernel/tracing/events/%s\\nHint:\\tTry 'sudo mount'\\n\" $1 $(echo $1 | tr : /);"
                                + " exit 129",
                "for event; do",
                "  [ " + paranoid + " -ge 0 ] || continue",
                "  case $everywhere$event in raw_syscalls:*) [ " + paranoid + " -ge 2 ] || continue ;; esac",
                "  printf 'Error:\\nNo permission to enable %s%s event.\\n\\n' $event " + (paranoid >= 2 ? "u" : "''"),
                "  exit 255",
                "done",
                "exit 0");
    }

    public Machine machine() {
        return new Machine(root, List.of(bin), isRoot);
    }
}

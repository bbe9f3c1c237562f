package tollgate.cli.record;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code strace}: system calls alone and dear, but permitted nearly everywhere. It sees neither faults nor switches nor
 * CPUs, and its times are its own: only counts and time per call follow from it.
 */
final class Strace implements Recorder {
    @Override
    public String name() {
        return "strace";
    }

    @Override
    public String suffix() {
        return ".strace";
    }

    @Override
    public Attempt prepare(Machine machine, Request request) throws IOException {
        if (request.guest()) {
            return Attempt.refused("it sees no VM exits");
        }
        Optional<Path> program = machine.find(name());
        if (program.isEmpty()) {
            return Attempt.refused("not on the search path; install strace");
        }
        Path nothing = Files.createTempFile("tollgate", ".strace");
        try {
            List<String> words =
                    new ArrayList<>(List.of(program.get().toString(), "-f", "-ttt", "-T", "-o", nothing.toString()));
            words.addAll(Machine.NOTHING);
            Machine.Trial trial = machine.run(words);
            if (!trial.succeeded()) {
                return Attempt.refused(trial.said() + advice(machine));
            }
        } finally {
            Files.deleteIfExists(nothing);
        }
        if (request.pid().isPresent() && !machine.isRoot() && scope(machine) > 0) {
            return Attempt.refused("kernel.yama.ptrace_scope is " + scope(machine)
                    + ", which lets it watch its own children only: run this with sudo, or give it the command to run");
        }
        List<String> command = new ArrayList<>(
                List.of(name(), "-f", "-ttt", "-T", "-o", request.output().toString()));
        request.pid().ifPresent(pid -> command.addAll(List.of("-p", String.valueOf(pid))));
        if (!request.command().isEmpty()) {
            command.add("--");
            command.addAll(request.command());
        }
        return Attempt.of(new Plan(
                machine.run(List.of(program.get().toString(), "-V"))
                        .firstLine()
                        .replaceFirst("^strace -- version ", "strace "),
                "system calls of the workload's tasks",
                command,
                List.of(
                        "faults, switches, interrupts, TLB flushes and CPUs: strace sees none of them, so the report has"
                                + " counts and time per call, no percentages"),
                Cost.STRACE,
                true,
                true));
    }

    private static String advice(Machine machine) {
        return scope(machine) >= 3
                ? "; kernel.yama.ptrace_scope is 3: nobody may trace until the next boot without it"
                : "; in a container, start it with --cap-add SYS_PTRACE";
    }

    /** How far ptrace is restricted (Documentation/admin-guide/LSM/Yama.rst); 0 without Yama. */
    private static int scope(Machine machine) {
        return machine.read("proc/sys/kernel/yama/ptrace_scope")
                .filter(text -> text.matches("[0-3]"))
                .map(Integer::parseInt)
                .orElse(0);
    }
}

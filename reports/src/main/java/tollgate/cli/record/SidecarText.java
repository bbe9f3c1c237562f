package tollgate.cli.record;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import tollgate.ingest.yaml.Yaml;

/** The sidecar of a recording as text, as {@link tollgate.ingest.SidecarFile} reads it. */
public final class SidecarText {
    private final StringBuilder text = new StringBuilder();

    private SidecarText() {}

    /**
     * @param recorder the recorder's name
     * @param workload whose time counts; not found means all tasks of the recording
     * @param ran the words that recorded
     */
    public static String of(
            String description, String recorder, Workload workload, Surroundings under, Plan plan, List<String> ran) {
        SidecarText sidecar = new SidecarText();
        sidecar.line("# Written by 'tollgate record'. Mend it where you know better: 'compare' and 'inspect' read it.");
        sidecar.line("# " + printable(Words.shown(ran)));
        plan.leftOut().forEach(each -> sidecar.line("# without " + printable(each)));
        sidecar.line("description: " + Yaml.quoted(description));
        if (!plan.isTasksOnly() && workload.isFound()) {
            sidecar.workload(workload, recorder);
        }
        sidecar.line("clock: real");
        if (!under.cores().isEmpty()) {
            sidecar.line("smt: " + under.cores());
        }
        sidecar.recorded(under, plan);
        under.networkNamespace().ifPresent(inode -> {
            sidecar.line("namespaces:");
            sidecar.line("  own: {inode: 0x" + Long.toHexString(inode) + "}   # of the command");
        });
        return sidecar.text.toString();
    }

    private void workload(Workload workload, String recorder) {
        line("workload:");
        if (!workload.comms().isEmpty()) {
            line("  comm: " + list(workload.comms().stream().map(Yaml::quoted).toList()));
        }
        if (!workload.pids().isEmpty()) {
            line("  pid: " + list(workload.pids()));
        }
        if (!workload.tids().isEmpty()) {
            line("  tid: " + list(workload.tids()));
        }
        if (recorder.equals("perf") && workload.comms().isEmpty()) {
            line("  exclude: {comm: [perf-exec]}   # perf's child before it becomes the command");
        }
    }

    private void recorded(Surroundings under, Plan plan) {
        line("recorded:");
        line("  kernel: " + Yaml.quoted(under.kernel()));
        line("  cpu: " + Yaml.quoted(under.cpu()));
        line("  tool: " + Yaml.quoted(plan.tool()));
        under.inVm().ifPresent(inVm -> line("  in_vm: " + inVm));
        line("  mitigations:");
        line("    pti: " + under.pti());
        under.mitigations().forEach((name, state) -> line("    " + Yaml.quoted(name) + ": " + Yaml.quoted(state)));
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    private static String list(Collection<?> values) {
        return values.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
    }

    /** A comment ends with its line. */
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}

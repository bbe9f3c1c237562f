package tollgate.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tollgate.analysis.Attack;
import tollgate.analysis.ExposureMetric;
import tollgate.analysis.Mainline;
import tollgate.replay.Blueprint;
import tollgate.replay.EventTable;
import tollgate.replay.MemoryClass;
import tollgate.replay.Parameter;
import tollgate.replay.Strategies;
import tollgate.replay.Strategy;
import tollgate.replay.View;

/** {@code tollgate explain}: what a strategy does, from the same rows that are replayed, and what is said about it. */
@Command(
        name = "explain",
        header = "Explain a strategy: idea, origin, critics, what it does at each event.",
        mixinStandardHelpOptions = true,
        description = {
            "Explains a strategy: the idea, its origin and critics, what it does at each event, what each address space maps,"
                    + " its parameters, what it protects and what not.",
            "",
            "The tables are made from the rows that are replayed, with the parameters as given.",
            "Also explains how a figure of exposure or a cell of the attack matrix is made; see 'tollgate list attacks' and"
                    + " 'tollgate list exposure'.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  tollgate explain kpti",
            "  tollgate explain 'sci(noflush=true)'          # with a parameter changed",
            "  tollgate explain my.yaml                      # a strategy of your own",
            "  tollgate explain mds_thread                   # a cell of the attack matrix",
            "  tollgate list strategies                      # the names"
        })
final class ExplainCommand implements Callable<Integer> {
    private static final int INDENT = 2;

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "NAME",
            description =
                    "a strategy as for --strategies; one that is told of but not simulated; an attack; or an exposure"
                            + " metric")
    private String name;

    @Override
    public Integer call() {
        PrintStream out = System.out;
        String told = NotSimulated.BY_NAME.get(name);
        if (told != null) {
            out.println(name + " (not simulated: no numbers)");
            paragraph(out, told);
            return 0;
        }
        if (figure(out)) {
            return 0;
        }
        try {
            explain(out);
        } catch (IllegalArgumentException e) {
            String others = String.join(", ", notSimulated());
            throw new ParameterException(spec.commandLine(), e.getMessage() + "; told of but not simulated: " + others);
        }
        return 0;
    }

    /** An attack or a metric by its key, if that is what was asked for. */
    private boolean figure(PrintStream out) {
        for (Attack attack : Attack.values()) {
            if (attack.key().equals(name)) {
                out.println(attack.title());
                paragraph(out, attack.reach());
                section(out, "how the cell is made (inputs of each: column 'from' of matrix.csv)");
                paragraph(out, attack.definition());
                section(out, "verdict");
                paragraph(
                        out,
                        "stopped if nothing is open; reduced if less is open than without isolation in the same replay; not"
                                + " affected if as much is");
                section(out, "assumes");
                paragraph(out, attack.assumes());
                return true;
            }
        }
        for (ExposureMetric metric : ExposureMetric.values()) {
            if (metric.key().equals(name)) {
                out.println(metric.title() + ", " + metric.unit());
                section(out, "how it is made (inputs of each: column 'from' of exposure.csv)");
                paragraph(out, metric.definition());
                return true;
            }
        }
        return false;
    }

    /** Names of what is told of but not simulated, sorted. */
    static List<String> notSimulated() {
        return NotSimulated.BY_NAME.keySet().stream()
                .filter(name -> !name.equals(Mainline.NAME)) // simulated, as the sum of others
                .sorted()
                .toList();
    }

    private void explain(PrintStream out) {
        Strategy strategy = Strategies.parse(name);
        List<Blueprint> parts = Strategies.split(name, '+').stream()
                .map(part -> Strategies.named(part.replaceFirst("\\(.*", "").trim()))
                .toList();
        out.println(strategy.name());
        paragraph(out, strategy.idea());
        for (Blueprint part : parts) {
            String of = parts.size() == 1 ? "" : " of " + part.name();
            section(out, "origin" + of);
            paragraph(out, part.origin());
            section(out, "criticism" + of);
            paragraph(out, part.criticism());
            section(out, "protects" + of);
            paragraph(out, part.protects());
        }
        events(out, strategy);
        views(out, strategy);
        for (Blueprint part : parts) {
            section(out, "parameters" + (parts.size() == 1 ? "" : " of " + part.name()));
            parameters(out, part);
        }
    }

    private static void events(PrintStream out, Strategy strategy) {
        section(out, "at each event (what is not here does nothing but what every Linux does)");
        List<EventTable.Line> lines = EventTable.of(strategy);
        if (lines.isEmpty()) {
            out.println("  none");
        }
        for (EventTable.Line line : lines) {
            String in = line.spaces().isEmpty() ? "" : " in " + String.join(", ", line.spaces());
            out.println("  " + line.crossing() + in);
            line.acts().forEach(act -> wrap(out, act, 2 * INDENT));
        }
    }

    /** A row a memory class, a column a space. */
    private static void views(PrintStream out, Strategy strategy) {
        section(out, "views: what each address space maps");
        paragraph(
                out,
                "M mapped, G mapped and global, p partly, d page by page on demand, - not. U user pages, G a guest's, PC the"
                        + " page cache's, PM free ones, K the kernel's, PT page tables, EPH mappings for one access; CUR of"
                        + " the task, VM or namespace that runs, OTH of others, RD that the task may read.");
        StringBuilder head = new StringBuilder("  " + " ".repeat(14));
        strategy.spaces().forEach(space -> head.append(' ').append(space.name()));
        out.println(head);
        for (MemoryClass memoryClass : MemoryClass.values()) {
            StringBuilder row = new StringBuilder(String.format("  %-14s", memoryClass.name()));
            for (Strategy.Space space : strategy.spaces()) {
                row.append(' ')
                        .append(mark(space.view(), memoryClass))
                        .append(" ".repeat(space.name().length() - 1));
            }
            out.println(row.toString().stripTrailing());
        }
    }

    private static char mark(View view, MemoryClass memoryClass) {
        if (view.maps(memoryClass)) {
            return view.isGlobal(memoryClass) ? 'G' : 'M';
        }
        return view.mapsPart(memoryClass) ? 'p' : view.mapsOnDemand(memoryClass) ? 'd' : '-';
    }

    private static void parameters(PrintStream out, Blueprint blueprint) {
        if (blueprint.parameters().isEmpty()) {
            out.println("  none");
        }
        for (Parameter parameter : blueprint.parameters()) {
            out.println("  " + parameter.name() + "=" + parameter.standard() + "   (" + parameter.bounds() + ")");
            wrap(out, parameter.meaning() + " [" + parameter.source() + "]", 2 * INDENT);
        }
    }

    private static void section(PrintStream out, String title) {
        out.println();
        out.println(title);
    }

    private static void paragraph(PrintStream out, String text) {
        wrap(out, text, INDENT);
    }

    /** Prints words in lines; below a paragraph's own, those that go on are indented by two more. */
    private static void wrap(PrintStream out, String text, int indent) {
        String next = " ".repeat(indent + (indent == INDENT ? 0 : 2));
        Terminal.wrapped(" ".repeat(indent), next, text).forEach(out::println);
    }

    /** What belongs beside the strategies but is not replayed. Source of the facts: the postings and pages named. */
    private static final class NotSimulated {
        static final Map<String, String> BY_NAME = Map.of(
                "vmfunc",
                "The kernel's part of memory under different nested page tables, switched by VMFUNC without a TLB flush (EPTI,"
                        + " USENIX ATC 2018, does KPTI for guests so). Needs a hypervisor that offers the views. Not simulated:"
                        + " recordings do not contain the guest's accesses that such a view would filter.",
                "pks",
                "Protection keys for supervisor pages: 16 keys, opened and closed by a register write, no TLB flush. Stops stray"
                        + " architectural accesses; on CPUs with Meltdown keys can be bypassed, and buffers are not covered. Not"
                        + " simulated: no posted kernel isolates by keys what the strategies here unmap.",
                "secretmem",
                "memfd_secret (Linux 5.14, M. Rapoport): pages of such a file are removed from the direct map and mapped only in"
                        + " their owners' user tables; the kernel cannot reach them but through that user address. Splits the"
                        + " direct map into small pages. Not simulated: a program must ask for it, and no recording shows which"
                        + " pages would be secret.",
                "process-local",
                "Process-local kernel memory (M. Hillenbrand, Amazon, RFC of June 2019): a kernel region whose tables differ by"
                        + " process, with guests' registers in it. Other processes' kernel contexts cannot reach them, the own"
                        + " one can. The posting reports VM starts in the noise and no more. Not simulated: no crossing costs"
                        + " more; what it protects is a class here (K_VM_OTH).",
                "mainline",
                "What Linux switches on by default (mitigations=auto) on the CPU compared; which parts these are and why, the"
                        + " report of a comparison says under provenance. Told of without numbers only here: compare it by"
                        + " '--strategies mainline --cpu NAME'.");

        private NotSimulated() {}
    }
}

package tollgate.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tollgate.analysis.Attack;
import tollgate.analysis.CpuProfile;
import tollgate.analysis.ExposureMetric;
import tollgate.analysis.Mainline;
import tollgate.ingest.Format;
import tollgate.ingest.Formats;
import tollgate.replay.Blueprint;
import tollgate.replay.Parameter;
import tollgate.replay.Settings;
import tollgate.replay.Strategies;
import tollgate.reports.chart.Charts;

/** {@code tollgate list}: what there is to choose from. */
@Command(
        name = "list",
        header = "List strategies with their parameters, CPU profiles and formats.",
        mixinStandardHelpOptions = true,
        description = {
            "Lists strategies with their parameters and defaults, CPU profiles, formats, attacks of the matrix, figures of"
                    + " exposure and charts, by the names that other commands take.",
            ""
        },
        footer = {"", "Examples:", "  tollgate list", "  tollgate list cpus"})
final class ListCommand implements Callable<Integer> {
    private enum What {
        STRATEGIES,
        CPUS,
        FORMATS,
        ATTACKS,
        EXPOSURE,
        CHARTS
    }

    /** Columns before what a line goes on with. */
    private static final int NEXT = 23;

    @Parameters(
            arity = "0..1",
            paramLabel = "WHAT",
            description = "strategies, cpus, formats, attacks, exposure or charts; default: all")
    private What what;

    @Override
    public Integer call() {
        PrintStream out = System.out;
        for (What each : what == null ? List.of(What.values()) : List.of(what)) {
            if (what == null) {
                out.println(each.name().toLowerCase(Locale.ROOT) + ":");
            }
            switch (each) {
                case STRATEGIES -> strategies(out);
                case CPUS -> {
                    CpuProfile.all().forEach(cpu -> row(out, cpu.name(), cpu.title()));
                    wrap(
                            out,
                            " ",
                            "with something stated otherwise, as zen3(ghz=3.6,stlb.entries=4096): "
                                    + String.join(", ", CpuProfile.parameters()));
                }
                case FORMATS -> {
                    for (Format format : Formats.all()) {
                        row(out, format.name(), format.description());
                    }
                }
                case ATTACKS -> {
                    for (Attack attack : Attack.values()) {
                        row(out, attack.key(), attack.title());
                    }
                }
                case EXPOSURE -> {
                    for (ExposureMetric metric : ExposureMetric.values()) {
                        row(out, metric.key(), metric.title() + ", " + metric.unit());
                    }
                }
                case CHARTS -> Charts.all().forEach(chart -> row(out, chart.name(), chart.about()));
            }
        }
        return 0;
    }

    private static void strategies(PrintStream out) {
        strategies(out, Strategies.group("isolation"));
        out.println("  comparators, which flush or bar at crossings:");
        strategies(out, Strategies.group("comparators"));
        row(out, Mainline.NAME, "What Linux switches on by default on the CPU compared: the second baseline.");
        wrap(
                out,
                " ",
                "told of by 'tollgate explain' but not simulated: " + String.join(", ", ExplainCommand.notSimulated()));
    }

    private static void strategies(PrintStream out, List<String> names) {
        for (String name : names) {
            Blueprint blueprint = Strategies.named(name);
            row(
                    out,
                    blueprint.name(),
                    blueprint.build(Settings.standard(blueprint)).idea());
            for (Parameter parameter : blueprint.parameters()) {
                String bounds = parameter.isSwitch() ? "" : ", " + parameter.bounds();
                row(out, "", parameter.name() + "=" + parameter.standard() + bounds + ": " + parameter.meaning());
            }
        }
    }

    private static void row(PrintStream out, String name, String text) {
        wrap(out, String.format("  %-18s", name), text);
    }

    /** A text after its label, in lines that go on under its beginning. */
    private static void wrap(PrintStream out, String label, String text) {
        Terminal.wrapped(label + " ", " ".repeat(NEXT), text).forEach(out::println);
    }
}

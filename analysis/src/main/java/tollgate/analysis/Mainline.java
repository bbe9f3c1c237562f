package tollgate.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import tollgate.analysis.CpuFeatures.Mitigation;
import tollgate.replay.Strategies;
import tollgate.replay.Strategy;

/**
 * What mainline Linux switches on by itself on a CPU ({@code mitigations=auto}), as one strategy: the second baseline,
 * since nobody deploys isolation against nothing.
 *
 * <p>Source: the CPU profile's {@code default_mitigations}, after arch/x86/kernel/cpu/common.c (cpu_vuln_whitelist) and
 * bugs.c. Retpolines, IBRS and other costs that arise at branches and not at crossings are not in it.
 */
public final class Mainline {
    public static final String NAME = "mainline";

    private Mainline() {}

    /** Its parts as one would write them, such as {@code kpti+verw+l1d-flush}; {@code baseline} if nothing is switched on. */
    public static String parts(CpuFeatures cpu) {
        Set<Mitigation> defaults = cpu.defaults();
        List<String> parts = new ArrayList<>();
        if (defaults.contains(Mitigation.PTI)) {
            parts.add("kpti");
        }
        if (defaults.contains(Mitigation.VERW)) {
            parts.add("verw");
        }
        if (defaults.contains(Mitigation.L1D_FLUSH_COND)) {
            parts.add("l1d-flush");
        }
        if (defaults.contains(Mitigation.IBPB_COND) || defaults.contains(Mitigation.IBPB_EXIT_TO_USER)) {
            parts.add("ibpb(mode=cond" + (defaults.contains(Mitigation.IBPB_EXIT_TO_USER) ? ",exit_to_user=true" : "")
                    + ")");
        }
        if (defaults.contains(Mitigation.RSB_FILL)) {
            parts.add("rsb-fill");
        }
        return parts.isEmpty() ? Strategies.BASELINE : String.join("+", parts);
    }

    /**
     * What each isolation would be deployed as: on top of the defaults, or in the place of those that it replaces. As
     * written on the command line.
     */
    public static List<String> deployed() {
        return Strategies.group("isolation").stream()
                .filter(name -> !name.equals(Strategies.BASELINE) && !name.startsWith("kpti"))
                .map(name -> NAME
                        + Strategies.named(name).replaces().stream()
                                .map(other -> "-" + other)
                                .collect(Collectors.joining())
                        + "+" + name)
                .toList();
    }

    /** The strategies that a word means: those of a group, such as {@code isolation}, or itself. */
    public static List<String> meant(String word) {
        List<String> group = new ArrayList<>(word.equals("deployed") ? deployed() : Strategies.group(word));
        if (word.equals("all")) {
            group.add(NAME);
        }
        return group.isEmpty() ? List.of(word) : group;
    }

    /**
     * A strategy as written on the command line, in which {@code mainline} stands for this CPU's defaults:
     * {@code mainline+kvm-asi}; and {@code mainline-kpti} for all of them but one, for what takes its place. That one need
     * not be on by default on this CPU.
     *
     * @throws IllegalArgumentException as {@link Strategies#parse}, and if what is left out is no strategy
     */
    public static Strategy parse(String text, CpuFeatures cpu) {
        Strategy strategy = Strategies.parse(expand(text, cpu));
        return text.contains(NAME) ? strategy.as(text.trim()) : strategy;
    }

    /** The same with this CPU's defaults written out, so that it means the same on all. */
    public static String expand(String text, CpuFeatures cpu) {
        List<String> parts = new ArrayList<>();
        for (String part : Strategies.split(text.trim(), '+')) {
            if (part.equals(NAME) || part.startsWith(NAME + "-")) {
                String left = part.equals(NAME)
                        ? ""
                        : Strategies.named(part.substring(NAME.length() + 1)).name();
                Strategies.split(parts(cpu), '+').stream()
                        .filter(each -> !each.split("\\(")[0].equals(left))
                        .forEach(parts::add);
            } else {
                parts.add(part);
            }
        }
        if (parts.size() > 1) {
            parts.remove(Strategies.BASELINE);
        }
        return parts.isEmpty() ? Strategies.BASELINE : String.join("+", parts);
    }

    /** What it consists of and why, in a sentence. */
    public static String reason(CpuFeatures cpu) {
        return NAME + " = " + parts(cpu) + ": on by default since the CPU is open to "
                + String.join(
                        ", ",
                        cpu.vulnerableTo().stream()
                                .sorted()
                                .map(each -> each.name().toLowerCase(Locale.ROOT))
                                .toList())
                + " (" + cpu.kernelSource() + ").";
    }
}

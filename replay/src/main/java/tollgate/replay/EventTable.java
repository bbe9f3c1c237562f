package tollgate.replay;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A strategy's rows in words: what it does at each crossing, as its specification would say it. */
public final class EventTable {
    private EventTable() {}

    /**
     * @param crossing where
     * @param spaces in which the row applies; empty for all
     * @param acts what is done, in order
     */
    public record Line(String crossing, List<String> spaces, List<String> acts) {}

    /** The rows in the order of the crossings, then what a touch of unmapped memory does, by space. */
    public static List<Line> of(Strategy strategy) {
        List<Line> lines = new ArrayList<>();
        for (Crossing crossing : Crossing.values()) {
            for (Strategy.Row row : strategy.rows().getOrDefault(crossing, List.of())) {
                lines.add(
                        new Line(words(crossing), row.spaces().stream().sorted().toList(), words(row.acts())));
            }
        }
        for (Strategy.Space space : strategy.spaces()) {
            if (space.onData().equals(space.onFetch())) {
                add(lines, "touch of unmapped", space, space.onData());
            } else {
                add(lines, "load or store to unmapped", space, space.onData());
                add(lines, "fetch from unmapped", space, space.onFetch());
            }
        }
        return lines;
    }

    /** Rows of one crossing and space that follow each other are one line. */
    private static void append(List<Line> lines, Line line) {
        Line last = lines.isEmpty() ? line : lines.get(lines.size() - 1);
        if (last != line
                && last.crossing().equals(line.crossing())
                && last.spaces().equals(line.spaces())) {
            List<String> acts = new ArrayList<>(last.acts());
            acts.addAll(line.acts());
            lines.set(lines.size() - 1, new Line(line.crossing(), line.spaces(), acts));
        } else {
            lines.add(line);
        }
    }

    private static void add(List<Line> lines, String what, Strategy.Space space, List<Act> acts) {
        if (!acts.isEmpty()) {
            lines.add(new Line(what, List.of(space.name()), words(acts)));
        }
    }

    private static List<String> words(List<Act> acts) {
        return acts.stream().map(EventTable::words).toList();
    }

    private static String words(Act act) {
        if (act instanceof Act.Charge charge) {
            return words(charge.operation()) + (charge.times() == 1 ? "" : " x " + charge.times());
        } else if (act instanceof Act.Load load) {
            return "load " + load.space() + words(load.flush());
        } else if (act instanceof Act.IfFamily condition) {
            String causes = condition.families().stream().map(EventTable::words).collect(Collectors.joining(" or "));
            return "if " + causes + ": " + block(condition.then());
        } else if (act instanceof Act.IfSyscall condition) {
            List<String> names = condition.set().names();
            return "if " + (names.isEmpty() ? "a system call" : String.join(" or ", names)) + ": "
                    + block(condition.then());
        } else if (act instanceof Act.IfNmi condition) {
            return choice("an NMI", condition.then(), condition.otherwise());
        } else if (act instanceof Act.IfFullFlush condition) {
            return "if all is flushed: " + block(condition.then());
        } else if (act instanceof Act.IfMmChanges condition) {
            return "if the mm changes: " + block(condition.then());
        } else if (act instanceof Act.IfVcpuChanges condition) {
            return "if another vCPU ran here last: " + block(condition.then());
        } else if (act instanceof Act.IfKernelThread condition) {
            return "if to a kernel thread: " + block(condition.then());
        } else if (act instanceof Act.IfNamespaced condition) {
            return "if not in the initial namespace: " + block(condition.then());
        } else if (act instanceof Act.IfRaised condition) {
            return "if " + condition.flag() + " is raised, lower it: " + block(condition.then());
        } else if (act instanceof Act.OnceATask condition) {
            return "once a task: " + block(condition.then());
        } else if (act instanceof Act.IfTouched condition) {
            String classes =
                    condition.classes().stream().sorted().map(EventTable::words).collect(Collectors.joining(" or "));
            return choice(classes, condition.then(), condition.otherwise());
        } else if (act instanceof Act.IfPreloaded condition) {
            return choice(
                    "of the share " + plain(condition.share()) + " preloaded", condition.then(), condition.otherwise());
        } else if (act instanceof Act.AtRate rate) {
            return plain(rate.rate()) + " times: " + block(rate.then());
        }
        return plain(act);
    }

    private static String plain(Act act) {
        if (act instanceof Act.Suspend suspend) {
            return "outermost: suspend for " + suspend.space() + words(suspend.flush());
        } else if (act instanceof Act.Resume resume) {
            return "outermost: resume what was suspended" + words(resume.flush());
        } else if (act instanceof Act.Leave leave) {
            return "leave for kernel" + words(leave.flush());
        } else if (act instanceof Act.SaveForTask save) {
            return "leave for kernel and remember it for the task" + words(save.flush());
        } else if (act instanceof Act.RestoreForTask restore) {
            return "load what was remembered for the task" + words(restore.flush());
        } else if (act instanceof Act.Raise raise) {
            return "raise " + raise.flag();
        } else if (act instanceof Act.MapTouched map) {
            return "map the page (posted limits: " + map.pages() + " pages, " + map.codePages() + " of code)";
        } else if (act instanceof Act.UnmapTouched) {
            return "unmap the call's pages";
        } else if (act instanceof Act.KeepTouched) {
            return "keep the call's pages";
        } else if (act instanceof Act.MapBriefly) {
            return "map the page for this access";
        } else if (act instanceof Act.RaiseGeneration) {
            return "raise the mm's generation";
        } else if (act instanceof Act.InvalidateSpace invalidate) {
            return "INVPCID of " + invalidate.space() + ", without it: " + block(invalidate.otherwise());
        } else if (act instanceof Act.ShootOtherNamespaces) {
            return "shoot the page down on CPUs in other namespaces";
        } else if (act instanceof Act.ShootKernelPage) {
            return "shoot the kernel page down on all CPUs";
        } else if (act instanceof Act.AsiEnter enter) {
            return "asi_enter " + enter.space();
        } else if (act instanceof Act.AsiRelax) {
            return "asi_relax";
        } else if (act instanceof Act.AsiExit) {
            return "asi_exit";
        } else if (act instanceof Act.AsiInterrupt) {
            return "asi_intr_enter";
        } else if (act instanceof Act.AsiInterruptReturn) {
            return "asi_intr_exit";
        } else if (act instanceof Act.TaintOtherMm) {
            return "fold taints into another mm's";
        }
        throw new IllegalStateException("no words for " + act);
    }

    private static String choice(String condition, List<Act> then, List<Act> otherwise) {
        if (then.isEmpty()) {
            return "if not " + condition + ": " + block(otherwise);
        }
        return "if " + condition + ": " + block(then) + (otherwise.isEmpty() ? "" : " else " + block(otherwise));
    }

    private static String block(Collection<Act> acts) {
        return acts.stream().map(EventTable::words).collect(Collectors.joining(", ", "{", "}"));
    }

    private static String plain(double number) {
        return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }

    private static String words(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String words(Act.Flush flush) {
        return switch (flush) {
            case KEEP -> ", entries kept";
            case FLUSH -> ", flushed";
            case IF_PENDING -> ", flushed if deferred";
            case IF_STALE -> ", flushed if stale";
            case AS_ENTERED -> ", flushed if the enter was";
            case ASID -> " through the ASID engine";
        };
    }
}

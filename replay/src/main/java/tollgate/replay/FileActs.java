package tollgate.replay;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tollgate.ingest.BadInput;
import tollgate.ingest.yaml.Doc;
import tollgate.ingest.yaml.Spelling;
import tollgate.ingest.yaml.Value;

/**
 * Acts as written in a {@link StrategyFile}: a word, or a map with one key, the word.
 *
 * <pre>
 *   charge: cr3_read                    charge: {operation: pte_write, times: 9}
 *   load: {space: user, flush: keep}    suspend: {space: kernel, flush: flush}
 *   resume: keep    leave: keep    save_for_task: keep    restore_for_task: keep
 *   raise: l1d      asi_enter: kvm      map_touched: {pages: 256, code_pages: 63}
 *   invalidate_space: {space: kvm, else: [...]}
 *   unmap_touched   keep_touched   map_briefly   raise_generation   shoot_other_namespaces   shoot_kernel_page
 *   asi_relax   asi_exit   asi_interrupt   asi_interrupt_return   taint_other_mm
 *   if: {parameter: keep, then: [...], else: [...]}
 *   if_cause: {families: [interrupt], then: [...]}     if_syscall: {calls: [read], then: [...]}   no calls: all
 *   if_nmi: {then: [...], else: [...]}                 if_touched: {classes: [pc_rd], then: [...], else: [...]}
 *   if_preloaded: {share: 0.5, then: [...], else: [...]}   at_rate: {rate: 0.05, then: [...]}
 *   if_raised: {flag: l1d, then: [...]}                once_a_task: {flag: table, then: [...]}
 *   if_full_flush: [...]   if_mm_changes: [...]   if_vcpu_changes: [...]   if_kernel_thread: [...]   if_namespaced: [...]
 * </pre>
 */
final class FileActs {
    /** Where a row may stand: crossings at which the engine looks for one. */
    static final List<String> CROSSINGS = EnumSet.complementOf(
                    EnumSet.of(Crossing.CPU, Crossing.SELECT, Crossing.SEGMENT, Crossing.TASK_EXIT, Crossing.DEEP_IDLE))
            .stream()
            .map(each -> each.name().toLowerCase(Locale.ROOT))
            .toList();

    private static final Map<String, Act> PLAIN = Map.ofEntries(
            Map.entry("unmap_touched", new Act.UnmapTouched()),
            Map.entry("keep_touched", new Act.KeepTouched()),
            Map.entry("map_briefly", new Act.MapBriefly()),
            Map.entry("raise_generation", new Act.RaiseGeneration()),
            Map.entry("shoot_other_namespaces", new Act.ShootOtherNamespaces()),
            Map.entry("shoot_kernel_page", new Act.ShootKernelPage()),
            Map.entry("asi_relax", new Act.AsiRelax()),
            Map.entry("asi_exit", new Act.AsiExit()),
            Map.entry("asi_interrupt", new Act.AsiInterrupt()),
            Map.entry("asi_interrupt_return", new Act.AsiInterruptReturn()),
            Map.entry("taint_other_mm", new Act.TaintOtherMm(Strategy.ALL_DATA)));

    private static final List<String> WITH_WORDS = List.of(
            "charge",
            "load",
            "suspend",
            "resume",
            "leave",
            "save_for_task",
            "restore_for_task",
            "raise",
            "asi_enter",
            "map_touched",
            "invalidate_space",
            "if",
            "if_cause",
            "if_syscall",
            "if_nmi",
            "if_touched",
            "if_preloaded",
            "at_rate",
            "if_raised",
            "once_a_task",
            "if_full_flush",
            "if_mm_changes",
            "if_vcpu_changes",
            "if_kernel_thread",
            "if_namespaced");

    private static final List<String> TAINTS = List.of(
            "kernel_data",
            "user_data",
            "guest_data",
            "other_mm_data",
            "user_control",
            "guest_control",
            "other_mm_control");

    private final List<String> spaces;
    private final Map<String, String> parameters;

    /**
     * @param spaces that acts may name
     * @param parameters value by name
     */
    FileActs(List<String> spaces, Map<String, String> parameters) {
        this.spaces = spaces;
        this.parameters = parameters;
    }

    static Crossing crossing(String word) {
        return Crossing.valueOf(word.toUpperCase(Locale.ROOT));
    }

    List<Act> list(List<Value> values) {
        List<Act> acts = new ArrayList<>();
        values.forEach(value -> add(acts, value));
        return acts;
    }

    private void add(List<Act> acts, Value value) {
        if (value.isScalar()) {
            Act plain = PLAIN.get(value.string());
            if (plain == null) {
                unknown(value, value.string());
            } else {
                acts.add(plain);
            }
            return;
        }
        Map<String, Value> entries = value.doc().entries();
        if (entries.size() > 1) {
            value.problem("expected one act, found " + entries.size() + " keys; begin each with '- '");
        }
        entries.forEach((word, operand) -> acts.addAll(act(word, operand)));
    }

    private static void unknown(Value value, String word) {
        List<String> known = new ArrayList<>(PLAIN.keySet());
        known.addAll(WITH_WORDS);
        String hint =
                WITH_WORDS.contains(word) ? "; it needs a value: '" + word + ": ...'" : Spelling.hint(word, known);
        value.problem("unknown act '" + BadInput.show(word, 40) + "'" + hint);
    }

    private List<Act> act(String word, Value v) {
        return switch (word) {
            case "charge" -> List.of(charge(v));
            case "load" -> List.of(new Act.Load(space(v.doc().value("space")), flush(v.doc())));
            case "suspend" -> List.of(new Act.Suspend(space(v.doc().value("space")), flush(v.doc())));
            case "resume" -> List.of(new Act.Resume(v.choice(Act.Flush.class)));
            case "leave" -> List.of(new Act.Leave(v.choice(Act.Flush.class)));
            case "save_for_task" -> List.of(new Act.SaveForTask(v.choice(Act.Flush.class)));
            case "restore_for_task" -> List.of(new Act.RestoreForTask(v.choice(Act.Flush.class)));
            case "raise" -> List.of(new Act.Raise(v.string()));
            case "asi_enter" -> List.of(new Act.AsiEnter(space(v)));
            case "map_touched" ->
                List.of(new Act.MapTouched(
                        v.doc().integer("pages", 0, Integer.MAX_VALUE, Integer.MAX_VALUE),
                        v.doc().integer("code_pages", 0, Integer.MAX_VALUE, Integer.MAX_VALUE)));
            case "invalidate_space" ->
                List.of(new Act.InvalidateSpace(space(v.doc().value("space")), otherwise(v.doc())));
            case "if" -> either(v.doc());
            case "if_cause" ->
                List.of(new Act.IfFamily(
                        v.doc().list("families", each -> each.choice(Cause.Family.class)), then(v.doc())));
            case "if_syscall" -> calls(v.doc());
            case "if_nmi" -> List.of(new Act.IfNmi(then(v.doc()), otherwise(v.doc())));
            case "if_touched" ->
                List.of(new Act.IfTouched(
                        v.doc().set("classes", each -> each.choice(MemoryClass.class)),
                        then(v.doc()),
                        otherwise(v.doc())));
            case "if_preloaded" ->
                List.of(new Act.IfPreloaded(number(v.doc().value("share"), 1), then(v.doc()), otherwise(v.doc())));
            case "at_rate" -> List.of(new Act.AtRate(number(v.doc().value("rate"), 1000), then(v.doc())));
            case "if_raised" -> List.of(new Act.IfRaised(v.doc().string("flag"), then(v.doc())));
            case "once_a_task" -> List.of(new Act.OnceATask(v.doc().string("flag"), then(v.doc())));
            case "if_full_flush" -> List.of(new Act.IfFullFlush(list(v.list())));
            case "if_mm_changes" -> List.of(new Act.IfMmChanges(list(v.list())));
            case "if_vcpu_changes" -> List.of(new Act.IfVcpuChanges(list(v.list())));
            case "if_kernel_thread" -> List.of(new Act.IfKernelThread(list(v.list())));
            case "if_namespaced" -> List.of(new Act.IfNamespaced(list(v.list())));
            default -> {
                unknown(v, word);
                yield List.of();
            }
        };
    }

    private static Act charge(Value v) {
        if (v.isMap()) {
            return new Act.Charge(
                    v.doc().choice("operation", Operation.class), v.doc().integer("times", 0, 1 << 20, 1));
        }
        return new Act.Charge(v.choice(Operation.class), 1);
    }

    /** The acts of one branch, by a switch's value; both are read, so that both are checked. */
    private List<Act> either(Doc doc) {
        List<Act> then = then(doc);
        List<Act> otherwise = otherwise(doc);
        String parameter = doc.string("parameter");
        String value = parameters.getOrDefault(parameter, "");
        if (!value.equals("true") && !value.equals("false") && !parameter.isEmpty()) {
            doc.value("parameter")
                    .problem("expected a parameter that is true or false, found '" + BadInput.show(parameter, 40) + "'"
                            + Spelling.hint(parameter, parameters.keySet()));
        }
        return value.equals("true") ? then : otherwise;
    }

    private List<Act> calls(Doc doc) {
        List<String> names = doc.list("calls", Value::string);
        List<Act> then = then(doc);
        List<Act> made = new ArrayList<>();
        doc.build(() -> new SyscallSet(names)).ifPresent(set -> made.add(new Act.IfSyscall(set, then)));
        return made;
    }

    private List<Act> then(Doc doc) {
        return doc.has("then") ? list(doc.list("then")) : List.of();
    }

    private List<Act> otherwise(Doc doc) {
        return doc.has("else") ? list(doc.list("else")) : List.of();
    }

    private String space(Value value) {
        return value.choice(spaces);
    }

    private static Act.Flush flush(Doc doc) {
        return doc.choice("flush", Act.Flush.class, Act.Flush.KEEP);
    }

    /** A number, or a parameter's name. */
    private double number(Value value, double most) {
        if (value.isScalar() && parameters.containsKey(value.string())) {
            return Double.parseDouble(parameters.get(value.string()));
        }
        return value.number(0, most);
    }

    static Strategy.Taints taints(Doc doc) {
        return new Strategy.Taints(
                bits(doc.set("prevent_control", each -> each.choice(TAINTS))),
                bits(doc.set("protect_data", each -> each.choice(TAINTS))),
                bits(doc.set("set", each -> each.choice(TAINTS))),
                flush(doc),
                doc.bool("branch_flush", true),
                doc.bool("l1d_flush", false),
                Strategy.ALL_DATA);
    }

    private static int bits(Set<String> taints) {
        int bits = 0;
        for (String taint : taints) {
            bits |= 1 << TAINTS.indexOf(taint);
        }
        return bits;
    }
}

package tollgate.analysis.study;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import tollgate.analysis.BreakEven;
import tollgate.analysis.CpuProfile;
import tollgate.analysis.EventRate;
import tollgate.analysis.Fixed;
import tollgate.analysis.Mainline;
import tollgate.analysis.Metric;
import tollgate.analysis.Standard;
import tollgate.ingest.BadInput;
import tollgate.ingest.Formats;
import tollgate.ingest.Input;
import tollgate.ingest.Remote;
import tollgate.ingest.SidecarFile;
import tollgate.ingest.Traces;
import tollgate.ingest.yaml.Doc;
import tollgate.ingest.yaml.Spelling;
import tollgate.ingest.yaml.Value;
import tollgate.ingest.yaml.Yaml;
import tollgate.replay.Operation;
import tollgate.replay.Strategies;
import tollgate.replay.StrategyText;
import tollgate.replay.mmu.Geometry;

/**
 * Reads a {@link Study}. Paths are relative to the file; all but traces may be left out:
 *
 * <pre>
 * title: What isolation costs a key-value store
 * traces:
 *   - redis.perf.txt.zst                    # or a folder of recordings
 *   - {file: kvm.trace.dat, name: guest, format: trace-dat, sidecar: {clock: none}}
 *   - {file: "hdfs://cluster/fleet/a.toll", sha256: 5e8...}   # on a cluster; with the hash it is not read for it first
 * strategies: [isolation, mainline, "sci(prefill=0.8)"]   # as for compare; quote what has a comma
 * cpus: [skylake-sp, zen3]
 * seed: 1
 * draws: 2048                               # that intervals rest on
 * lenient: false
 * footprints: mine.bin.zst
 * sweeps:
 *   ibpb-price:
 *     over: {price: ibpb, from: 500, to: 8000, steps: 7, scale: log}   # cycles
 *   prefill:
 *     over: {strategy: sci, parameter: prefill, values: [0, 0.5, 1]}   # of a combination: strategy: kpti+sci
 *     metric: overhead                   # or overhead_against_mainline: any of results.csv in time or cycles
 *     strategies: [sci, kpti]            # some of them; likewise traces, cpus
 *   load:
 *     over: {rate: syscalls, from: 1000, to: 1000000, steps: 7, scale: log}   # or vm_exits; a second of busy time
 *     level: 5                           # of the metric: crossovers.csv says where each strategy reaches it
 *   stlb:
 *     over: {cpu: stlb.entries, values: [768, 1536, 3072]}   # of the CPU, see {@link CpuProfile#parameters}
 *   pages:
 *     over: {model: user_pages, from: 0.6, to: 1.6, steps: 5}
 *     and: {price: page_walk_step, from: 4, to: 69, steps: 6}
 * </pre>
 */
public final class StudyFile {
    /** Cycles: nothing is free. */
    private static final double LEAST_PRICE = 0.001;

    /** What an axis may move. */
    private static final List<String> KINDS = List.of("price", "cpu", "model", "rate", "strategy");

    private static final int MOST_VALUES = 1000;
    private static final MathContext DIGITS = new MathContext(6);

    private final Doc doc;
    private final Path folder;
    private final List<CpuProfile> cpus = new ArrayList<>();
    private final List<String> strategies = new ArrayList<>();
    private final List<String> traces = new ArrayList<>();

    private StudyFile(Doc doc, Path folder) {
        this.doc = doc;
        this.folder = folder;
    }

    /** @throws BadInput with all problems of the file, a line each, with line and column */
    public static Study read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new BadInput(
                    file.toString(),
                    "expected a study in YAML, found no such file; 'tollgate study --init traces' writes one");
        }
        Doc doc = Yaml.read(file);
        Path parent = file.toAbsolutePath().normalize().getParent();
        Study study = new StudyFile(doc, parent == null ? file.toAbsolutePath() : parent).study();
        doc.finish();
        return study;
    }

    private Study study() throws IOException {
        cpus();
        strategies();
        List<Study.Trace> recordings = traces();
        recordings.forEach(trace -> traces.add(trace.name()));
        Optional<Path> footprints = Optional.empty();
        if (doc.has("footprints")) {
            footprints = Optional.of(folder.resolve(doc.string("footprints")));
            if (!Files.isRegularFile(footprints.get())) {
                doc.value("footprints").problem("no such file: " + footprints.get() + "; check the path");
            }
        }
        int draws = doc.integer("draws", 64, 1 << 16, Standard.DRAWS);
        List<Sweep> sweeps = new ArrayList<>();
        doc.optionalDoc("sweeps")
                .ifPresent(all -> all.entries().forEach((name, value) -> sweeps.add(sweep(name, value))));
        return new Study(
                doc.string("title", ""),
                folder,
                recordings,
                strategies,
                cpus,
                doc.integer("seed", 0, Long.MAX_VALUE, 1),
                draws,
                footprints,
                doc.bool("lenient", false) ? Input.Damage.SKIP : Input.Damage.REFUSE,
                sweeps);
    }

    private void cpus() {
        if (!doc.has("cpus")) {
            cpus.add(CpuProfile.load(Standard.CPU));
            return;
        }
        for (Value value : doc.list("cpus")) {
            tried(value, () -> {
                String text = value.string();
                String name = text.endsWith(")") ? text.substring(0, Math.max(0, text.lastIndexOf('('))) : text;
                Path own = folder.resolve(name);
                boolean isFile = name.endsWith(".yaml") && Files.isRegularFile(own);
                CpuProfile cpu = CpuProfile.load(isFile ? own + text.substring(name.length()) : text);
                if (cpus.stream().anyMatch(other -> other.name().equals(cpu.name()))) {
                    throw new IllegalArgumentException("'" + cpu.name() + "' is given twice; keep one");
                }
                cpus.add(cpu);
            });
        }
        if (doc.list("cpus").isEmpty()) {
            doc.value("cpus").problem("expected at least one CPU; see 'tollgate list cpus'");
        }
    }

    private void strategies() {
        Set<String> names = new LinkedHashSet<>();
        if (doc.has("strategies")) {
            doc.list("strategies").forEach(value -> names.addAll(named(value)));
        } else {
            Standard.STRATEGIES.forEach(name -> names.addAll(Mainline.meant(name)));
        }
        strategies.addAll(names);
    }

    /** The strategies that an entry means, tried on all CPUs; those that are none are left out. */
    private List<String> named(Value value) {
        return Mainline.meant(value.string().trim()).stream()
                .filter(name -> tried(value, () -> triedOn().forEach(cpu -> text(name, cpu))))
                .toList();
    }

    private List<CpuProfile> triedOn() {
        return cpus.isEmpty() ? List.of(CpuProfile.load(Standard.CPU)) : cpus;
    }

    private StrategyText text(String name, CpuProfile cpu) {
        return text(name, cpu, folder);
    }

    /** A strategy of a study as it is on one CPU. */
    static StrategyText text(String name, CpuProfile cpu, Path folder) {
        return StrategyText.of(name.contains(Mainline.NAME) ? name : "", Mainline.expand(name, cpu.features()), folder);
    }

    private List<Study.Trace> traces() throws IOException {
        Map<String, Study.Trace> traces = new LinkedHashMap<>();
        for (Value value : doc.list("traces")) {
            if (value.isScalar()) {
                found(value)
                        .forEach((name, location) ->
                                add(traces, value, new Study.Trace(name, location, "", Optional.empty(), "")));
            } else {
                Doc of = value.doc();
                Value file = of.value("file");
                String format = of.has("format")
                        ? of.choice(
                                "format",
                                Formats.all().stream().map(each -> each.name()).toList())
                        : "";
                String name = of.string("name", "");
                Optional<String> sidecar = of.optionalDoc("sidecar").map(doc -> {
                    SidecarFile.of(doc);
                    return of.value("sidecar").flow();
                });
                String sha256 = of.string("sha256", "");
                if (!sha256.matches("([0-9a-f]{64})?")) {
                    of.value("sha256").problem("expected 64 hexadecimal digits in small letters");
                }
                Map<String, String> found = found(file);
                if (found.size() > 1) {
                    file.problem("expected one recording, found a folder of " + found.size() + "; name each");
                }
                found.forEach((stem, location) -> add(
                        traces,
                        value,
                        new Study.Trace(name.isEmpty() ? stem : name, location, format, sidecar, sha256)));
            }
        }
        if (doc.has("traces") && doc.list("traces").isEmpty() && doc.isSound()) {
            doc.value("traces").problem("expected at least one trace");
        }
        return List.copyOf(traces.values());
    }

    /** Locations by the names of their workloads: of a folder, those of its recordings. */
    private Map<String, String> found(Value value) throws IOException {
        String text = value.string();
        if (text.isEmpty()) {
            return Map.of();
        }
        try {
            boolean isAddress = Remote.isAddress(text);
            if (isAddress && !Remote.scheme(text).equals(Remote.FILE)) {
                Map<String, String> found = Traces.named(Remote.of(text).find(text).stream()
                        .filter(Traces::isNamedLikeOne)
                        .toList());
                if (found.isEmpty()) {
                    value.problem("no such file, and no folder of recordings: '" + BadInput.show(text, 80) + "'");
                }
                return found;
            }
            Path path = (isAddress ? Input.file(text) : folder.resolve(text)).normalize();
            if (!Files.exists(path)) {
                value.problem("no such file or folder: '" + BadInput.show(text, 80) + "'" + near(path)
                        + "; paths are relative to the study");
                return Map.of();
            }
            Map<String, String> found = new LinkedHashMap<>();
            Traces.find(List.of(path), new ArrayList<>()).forEach((name, file) -> found.put(name, file.toString()));
            return found;
        } catch (BadInput | IOException e) {
            value.problem(e.getMessage());
            return Map.of();
        }
    }

    private static String near(Path path) throws IOException {
        Path parent = path.getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            return "";
        }
        try (var files = Files.list(parent)) {
            List<String> names =
                    files.map(file -> String.valueOf(file.getFileName())).toList();
            return Spelling.nearest(String.valueOf(path.getFileName()), names)
                    .map(name -> "; did you mean '" + name + "'?")
                    .orElse("");
        }
    }

    private static void add(Map<String, Study.Trace> traces, Value at, Study.Trace trace) {
        if (traces.putIfAbsent(trace.name(), trace) != null) {
            at.problem("two workloads are called '" + trace.name() + "'; give one another 'name'");
        }
    }

    private Sweep sweep(String name, Value value) {
        if (!name.matches("[a-z0-9][a-z0-9-]{0,60}")) {
            value.problem("expected a sweep's name in small letters, digits and hyphens, found '"
                    + BadInput.show(name, 40) + "'; it names a file");
        }
        Doc of = value.doc();
        Axis over = axis(of.doc("over"));
        Optional<Axis> and = of.optionalDoc("and").map(this::axis);
        if (and.isPresent()
                && over.kind() == Axis.Kind.STRATEGY
                && and.get().kind() == Axis.Kind.STRATEGY
                && !over.target().equals(and.get().target())) {
            of.value("and").problem("expected a parameter of the same strategy, '" + over.target() + "'");
        }
        boolean isOverRate =
                over.kind() == Axis.Kind.RATE || and.isPresent() && and.get().kind() == Axis.Kind.RATE;
        if (over.kind() == Axis.Kind.RATE && and.isPresent() && and.get().kind() == Axis.Kind.RATE) {
            of.value("and").problem("expected one rate; the other stays as recorded");
        }
        Optional<Metric> metric = metric(of, isOverRate);
        List<String> shown = new ArrayList<>(some(of, "strategies", strategies));
        shown.remove(Strategies.BASELINE);
        List<String> on = some(of, "cpus", cpus.stream().map(CpuProfile::name).toList());
        tryOn(on, over, of.value("over"));
        and.ifPresent(axis -> tryOn(on, axis, of.value("and")));
        Sweep sweep = new Sweep(
                name,
                over,
                and,
                metric,
                of.has("level") ? OptionalDouble.of(of.number("level", -1e9, 1e9)) : OptionalDouble.empty(),
                some(of, "traces", traces),
                on,
                shown);
        if (sweep.shown().isEmpty() && of.isSound()) {
            value.problem("expected at least one strategy other than '" + Strategies.BASELINE + "' to be swept over");
        }
        return sweep;
    }

    /** The metric of a sweep if it names one: whatever is added cycles or time, over a rate the overhead alone. */
    private Optional<Metric> metric(Doc of, boolean isOverRate) {
        if (!of.has("metric")) {
            return Optional.empty();
        }
        if (isOverRate && !of.string("metric").equals(Metric.OVERHEAD.key())) {
            of.value("metric").problem("over a rate there is only '" + Metric.OVERHEAD.key() + "'");
            return Optional.empty();
        }
        List<Metric> known = Arrays.stream(Metric.values())
                .filter(each -> each.againstMainline().isPresent() || each.isAgainstMainline())
                .toList();
        String key = of.choice("metric", known.stream().map(Metric::key).toList());
        Metric metric = known.stream()
                .filter(each -> each.key().equals(key))
                .findFirst()
                .orElseThrow();
        if (metric.isAgainstMainline() && !strategies.contains(Mainline.NAME)) {
            of.value("metric").problem("expected '" + Mainline.NAME + "' among the study's strategies; add it");
        }
        return Optional.of(metric);
    }

    /** Those of the study's that are listed, or all. */
    private static List<String> some(Doc of, String key, List<String> all) {
        if (!of.has(key)) {
            return all;
        }
        Set<String> some = new LinkedHashSet<>();
        for (Value each : of.list(key)) {
            String text = each.string();
            if (!text.isEmpty() && !all.contains(text)) {
                each.problem(
                        "'" + BadInput.show(text, 40) + "' is not among the study's " + key + Spelling.hint(text, all));
            }
            some.add(text);
        }
        return List.copyOf(some);
    }

    private Axis axis(Doc of) {
        Set<String> given = new TreeSet<>();
        for (String kind : KINDS) {
            if (of.has(kind)) {
                given.add(kind);
            }
        }
        if (given.size() != 1) {
            if (of.isSound()) {
                of.problem("expected one of " + String.join(", ", KINDS) + ", found "
                        + (given.isEmpty() ? "none" : String.join(" and ", given)) + "; say what is swept");
            }
            of.leave(
                    "price", "cpu", "model", "strategy", "rate", "parameter", "values", "from", "to", "steps", "scale");
            return new Axis(Axis.Kind.PRICE, "", "", List.of(), false);
        }
        boolean isLogarithmic =
                of.has("scale") && of.choice("scale", List.of("linear", "log")).equals("log");
        return switch (given.iterator().next()) {
            case "price" -> price(of, isLogarithmic);
            case "cpu" -> cpu(of, isLogarithmic);
            case "model" -> model(of, isLogarithmic);
            case "rate" -> rate(of, isLogarithmic);
            default -> strategy(of, isLogarithmic);
        };
    }

    private static Axis price(Doc of, boolean isLogarithmic) {
        Set<String> keys = new TreeSet<>();
        for (Operation operation : Operation.values()) {
            keys.add(operation.price());
        }
        String key = known(of.value("price"), keys, "price");
        return new Axis(Axis.Kind.PRICE, key, "", numbers(of, LEAST_PRICE, 1e9, isLogarithmic), isLogarithmic);
    }

    /** What is unknown has no values, so that nothing is tried with it. */
    private static Axis cpu(Doc of, boolean isLogarithmic) {
        String key = known(of.value("cpu"), CpuProfile.parameters(), "parameter of a CPU");
        boolean isKnown = CpuProfile.parameters().contains(key);
        List<String> values = numbers(of, 0, Geometry.MAX_ENTRIES, isLogarithmic);
        return new Axis(
                isKnown ? Axis.Kind.CPU : Axis.Kind.PRICE, key, "", isKnown ? values : List.of(), isLogarithmic);
    }

    private static Axis model(Doc of, boolean isLogarithmic) {
        String key = known(of.value("model"), Fixed.modelKeys(), "model parameter");
        boolean isKnown = Fixed.modelKeys().contains(key);
        List<String> values = numbers(of, isKnown ? Fixed.least(key) : 0, isKnown ? Fixed.most(key) : 1, isLogarithmic);
        return new Axis(Axis.Kind.MODEL, key, "", values, isLogarithmic);
    }

    private static Axis rate(Doc of, boolean isLogarithmic) {
        Set<String> keys = new TreeSet<>();
        for (EventRate event : EventRate.values()) {
            keys.add(event.key());
        }
        String key = known(of.value("rate"), keys, "event");
        List<String> values = numbers(of, 0, BreakEven.MOST, isLogarithmic);
        return new Axis(keys.contains(key) ? Axis.Kind.RATE : Axis.Kind.PRICE, key, "", values, isLogarithmic);
    }

    private Axis strategy(Doc of, boolean isLogarithmic) {
        String strategy = of.string("strategy");
        String parameter = of.string("parameter");
        boolean isList = of.has("values");
        List<String> values = isList ? of.list("values", Value::string) : numbers(of, -1e9, 1e9, isLogarithmic);
        Axis axis = new Axis(Axis.Kind.STRATEGY, strategy, parameter, values, isLogarithmic);
        if (!strategies.contains(strategy)) {
            of.value("strategy")
                    .problem("'" + BadInput.show(strategy, 40) + "' is not among the study's strategies"
                            + Spelling.hint(strategy, strategies));
            return axis;
        }
        if (strategy.contains("+") && !values.isEmpty()) {
            List<Axis> parts = IntStream.range(
                            0, Strategies.split(strategy, '+').size())
                    .mapToObj(axis::at)
                    .filter(this::canBe)
                    .toList();
            if (parts.size() != 1) {
                of.value("parameter")
                        .problem("expected a parameter that one part of '" + BadInput.show(strategy, 40)
                                + "' has and that can be " + BadInput.show(values.get(0), 20) + ", found "
                                + (parts.isEmpty() ? "none" : "several") + "; see 'tollgate explain'");
                return axis;
            }
            axis = parts.get(0);
        }
        tryAll(axis, of, isList);
        return axis;
    }

    /** Whether its first value is one. */
    private boolean canBe(Axis axis) {
        try {
            triedOn().forEach(cpu -> text(axis.strategy(axis.values().get(0)), cpu));
            return true;
        } catch (BadInput | IllegalArgumentException e) {
            return false;
        }
    }

    private void tryAll(Axis axis, Doc of, boolean isList) {
        for (int i = 0; i < axis.values().size(); i++) {
            String text = axis.strategy(axis.values().get(i));
            Value at = isList ? of.list("values").get(i) : of.value("parameter");
            if (!tried(at, () -> triedOn().forEach(cpu -> text(text, cpu))) && !isList) {
                break;
            }
        }
    }

    /** Whether these CPUs can be what an axis makes of them. */
    private void tryOn(List<String> names, Axis axis, Value at) {
        if (axis.kind() == Axis.Kind.CPU) {
            cpus.stream()
                    .filter(cpu -> names.contains(cpu.name()))
                    .forEach(cpu -> axis.values().stream()
                            .allMatch(value -> tried(at, () -> cpu.with(axis.target(), Double.parseDouble(value)))));
        }
    }

    private static String known(Value value, Set<String> keys, String what) {
        String word = value.string();
        if (!word.isEmpty() && !keys.contains(word)) {
            value.problem("unknown " + what + " '" + BadInput.show(word, 40) + "'" + Spelling.hint(word, keys));
        }
        return word;
    }

    private static List<String> numbers(Doc of, double least, double most, boolean isLogarithmic) {
        if (of.has("values")) {
            List<String> values = of.list("values", value -> plain(value.number(least, most)));
            if (values.isEmpty() && of.isSound()) {
                of.value("values").problem("expected at least one value");
            }
            return values;
        }
        double from = of.number("from", least, most);
        double to = of.number("to", least, most);
        int steps = of.integer("steps", 2, MOST_VALUES);
        if (isLogarithmic && !(from > 0 && to > 0) && of.isSound()) {
            of.problem("expected 'from' and 'to' above 0 on a logarithmic scale");
            return List.of();
        }
        Set<String> values = new LinkedHashSet<>();
        for (int i = 0; i < steps; i++) {
            double share = (double) i / (steps - 1);
            values.add(plain(isLogarithmic ? from * Math.pow(to / from, share) : from + (to - from) * share));
        }
        return List.copyOf(values);
    }

    private static String plain(double number) {
        return number == 0
                ? "0"
                : new BigDecimal(number, DIGITS).stripTrailingZeros().toPlainString();
    }

    /** Notes at a value what trying it says. @return whether it said nothing */
    private static boolean tried(Value value, Runnable attempt) {
        try {
            attempt.run();
            return true;
        } catch (BadInput | IllegalArgumentException e) {
            if (!(value.isScalar() && value.string().isEmpty())) {
                value.problem(e.getMessage());
            }
            return false;
        }
    }
}

package tollgate.replay;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tollgate.ingest.BadInput;
import tollgate.ingest.yaml.Doc;
import tollgate.ingest.yaml.Value;
import tollgate.ingest.yaml.Yaml;
import tollgate.replay.exposure.Siblings;

/**
 * A strategy of the user's own, in YAML: the same spaces, rows and acts that the built-in ones are made of.
 *
 * <pre>
 *   strategy: my-kpti
 *   idea: user mode runs on a table without the kernel
 *   parameters:
 *     - {name: reads, default: true, meaning: read CR3 first}
 *   kernel: {map: everything, global: [entry]}
 *   spaces:
 *     user: {owner: mm, map: [u_cur, entry], global: [entry], pcid_bits: 0x800}
 *   rows:
 *     - at: user_entry
 *       do:
 *         - if: {parameter: reads, then: [{charge: cr3_read}]}
 *         - load: {space: kernel, flush: keep}
 *     - at: user_return
 *       do: [{load: {space: user, flush: if_pending}}]
 * </pre>
 *
 * <p>Words are those of {@link MemoryClass}, {@link Region}, {@link Crossing}, {@link Operation}, {@link Act.Flush} and
 * {@link Cause.Family} in small letters, and {@code siblings} is one of {@link Siblings}, {@code anything} if left out; acts are those of {@link FileActs}. A number may be the name of a parameter.
 */
public final class StrategyFile implements Blueprint {
    /** What ends a name on the command line that is a file's. */
    static final String EXTENSION = ".yaml";

    private static final String NAME = "[a-z0-9][a-z0-9-]*";

    private final String file;
    private final byte[] bytes;
    private final String name;
    private final List<Parameter> parameters = new ArrayList<>();
    private final String origin;
    private final String criticism;
    private final String protects;

    /**
     * Reads the file and tries it with its parameters at their defaults.
     *
     * @throws BadInput with everything that is wrong, a line each, with line and column
     */
    public static StrategyFile read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return new StrategyFile(file.toString(), in.readNBytes(Yaml.MAX_BYTES + 1));
        } catch (NoSuchFileException e) {
            throw new BadInput(file.toString(), "expected a strategy in YAML, found no such file; check the path");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@link #read(Path)}, of a file whose text is at hand. */
    static StrategyFile of(String file, String text) {
        return new StrategyFile(file, text.getBytes(StandardCharsets.UTF_8));
    }

    private StrategyFile(String file, byte[] bytes) {
        this.file = file;
        this.bytes = bytes;
        Doc doc = parse();
        name = name(doc);
        origin = doc.string("origin", file);
        criticism = doc.string("criticism", "none given");
        protects = doc.string("protects", "not said");
        doc.list("parameters", Value::doc).forEach(each -> parameter(each).ifPresent(parameters::add));
        Map<String, String> standards = new LinkedHashMap<>();
        parameters.forEach(each -> standards.put(each.name(), each.standard()));
        build(doc, standards, "");
    }

    private Doc parse() {
        try {
            return Yaml.read(file, new ByteArrayInputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(Doc doc) {
        String name = doc.string("strategy");
        if (doc.has("strategy") && !name.isEmpty()) {
            if (!name.matches(NAME)) {
                doc.value("strategy")
                        .problem("expected a name in small letters, digits and hyphens, found '"
                                + BadInput.show(name, 40) + "'");
            } else if (Strategies.all().stream().anyMatch(each -> each.name().equals(name))) {
                doc.value("strategy").problem("'" + name + "' is a built-in strategy; choose another name");
            }
        }
        return name;
    }

    private static Optional<Parameter> parameter(Doc doc) {
        String name = doc.string("name");
        String meaning = doc.string("meaning");
        String source = doc.string("source", "the file");
        String standard = doc.string("default");
        if (standard.equals("true") || standard.equals("false")) {
            return doc.build(() -> Parameter.ofSwitch(name, standard.equals("true"), meaning, source));
        }
        double low = doc.number("low", 0, Integer.MAX_VALUE, 0);
        double high = doc.number("high", 0, Integer.MAX_VALUE, 1);
        double number = doc.number("default", low, high);
        return doc.build(() -> Parameter.ofNumber(name, number, low, high, meaning, source));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Parameter> parameters() {
        return List.copyOf(parameters);
    }

    @Override
    public String origin() {
        return origin;
    }

    @Override
    public String criticism() {
        return criticism;
    }

    @Override
    public String protects() {
        return protects;
    }

    @Override
    public Strategy build(Settings settings) {
        Map<String, String> values = new LinkedHashMap<>();
        parameters.forEach(each -> values.put(each.name(), settings.word(each.name())));
        Doc doc = parse();
        doc.leave("parameters", "origin", "criticism", "protects", "strategy");
        return build(doc, values, settings.suffix());
    }

    /** @throws tollgate.ingest.yaml.BadYaml with all problems of the document */
    private Strategy build(Doc doc, Map<String, String> values, String suffix) {
        String idea = doc.string("idea");
        Map<String, Value> spaces = doc.has("spaces") ? doc.doc("spaces").entries() : Map.of();
        List<String> known = new ArrayList<>(List.of(Strategy.KERNEL));
        known.addAll(spaces.keySet());
        FileActs acts = new FileActs(known, values);
        Strategy.Builder strategy = Strategy.named(name + suffix, idea, FileViews.view(doc.doc("kernel")));
        Set<Integer> taken = new HashSet<>();
        spaces.forEach((space, value) -> space(strategy, space, value.doc(), acts, taken));
        for (Value value : doc.list("rows")) {
            Doc row = value.doc();
            Crossing crossing = FileActs.crossing(row.choice("at", FileActs.CROSSINGS));
            Act[] done = acts.list(row.list("do")).toArray(Act[]::new);
            List<String> in = row.list("in", each -> each.choice(known));
            if (in.isEmpty()) {
                strategy.on(crossing, done);
            } else {
                in.forEach(space -> strategy.in(space, crossing, done));
            }
        }
        if (!doc.bool("pcid", true)) {
            strategy.withoutPcid();
        }
        if (!doc.bool("invpcid", true)) {
            strategy.withoutInvpcid();
        }
        strategy.siblings(doc.choice("siblings", Siblings.class, Siblings.ANYTHING));
        doc.finish();
        return strategy.build();
    }

    private static void space(Strategy.Builder strategy, String space, Doc doc, FileActs acts, Set<Integer> taken) {
        Strategy.Owner owner = doc.choice("owner", Strategy.Owner.class);
        int bits = doc.integer("pcid_bits", 0, 0xfff, 0);
        if (bits % 8 != 0 || bits != 0 && !taken.add(bits)) {
            doc.value("pcid_bits")
                    .problem("expected bits of its own above the ASID's lowest three, found 0x"
                            + Integer.toHexString(bits) + "; take 0x200, 0x400 or 0x800");
        }
        View view = FileViews.view(doc);
        if (space.equals(Strategy.KERNEL)) {
            doc.problem("the space 'kernel' is there in every strategy; describe it under 'kernel'");
        }
        Strategy.Taints taints = doc.optionalDoc("taints").map(FileActs::taints).orElse(Strategy.Taints.NONE);
        List<Act> onTouch = doc.has("on_touch") ? acts.list(doc.list("on_touch")) : List.of();
        List<Act> onData = doc.has("on_data") ? acts.list(doc.list("on_data")) : onTouch;
        List<Act> onFetch = doc.has("on_fetch") ? acts.list(doc.list("on_fetch")) : onTouch;
        strategy.space(new Strategy.Space(space, owner, view, bits, onData, onFetch, taints));
    }
}

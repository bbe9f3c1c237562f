package tollgate.analysis;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tollgate.analysis.CpuFeatures.Mitigation;
import tollgate.analysis.CpuFeatures.Vendor;
import tollgate.analysis.CpuFeatures.Vulnerability;
import tollgate.ingest.BadInput;
import tollgate.ingest.yaml.Doc;
import tollgate.ingest.yaml.Spelling;
import tollgate.ingest.yaml.Value;
import tollgate.ingest.yaml.Yaml;
import tollgate.replay.Machine;
import tollgate.replay.Operation;
import tollgate.replay.mmu.Geometry;
import tollgate.replay.mmu.GeometryFile;

/**
 * Reads a CPU profile:
 *
 * <pre>
 * title: Intel Skylake-SP (Xeon Platinum 8160, 2017)
 * gigahertz: {value: 2.1, source: ...}
 * features: {vendor: intel, pcid: true, invpcid: true, la57: false, cpuid: SOURCE,
 *   vulnerable_to: [meltdown, ...], default_mitigations: [pti, ...], kernel: SOURCE}
 * sources:                       # prices whose range follows from their status err together by source,
 *                                # those with a range of their own alone, those with errs_with: NAME by that
 *   behrens: ...
 * exposed_fraction: {low: 0.3, mid: 0.6, high: 1.0, reason: ...}
 * prices:                        # every {@link Operation#price}; the range follows from the status
 *   cr3_write_flush: {mid: 230, unit: cycles, status: verified, source: behrens, note: ...}
 *   ibpb: {mid: 4500, unit: cycles, status: borrowed, from: skylake-client, was: recalled, source: behrens}
 *   l1d_flush: {low: 1829, mid: 1950, high: 2076, ..., range: why it has a range of its own}
 *   cr3_read: {low: 5, mid: 20, high: 60, unit: cycles, status: estimate, reason: ...}
 *   vmwrite_host_cr3: {mid: 0, unit: cycles, status: absent, reason: ...}
 * geometry: ...                  # {@link GeometryFile}
 * </pre>
 */
final class CpuProfileFile {
    /** Cycles: above any single operation by orders of magnitude. */
    private static final double MAX = 1e9;

    private final Doc doc;
    private final Map<String, String> sources = new HashMap<>();
    private final Set<String> used = new LinkedHashSet<>();
    private double gigahertz;

    private CpuProfileFile(Doc doc) {
        this.doc = doc;
    }

    /**
     * @param name of the profile
     * @param place what to call the text in messages
     * @throws BadInput with everything that is wrong with it
     */
    static CpuProfile read(String name, String place, InputStream in) throws IOException {
        return new CpuProfileFile(Yaml.read(place, in)).profile(name);
    }

    private CpuProfile profile(String name) {
        String title = doc.string("title");
        Doc frequency = doc.doc("gigahertz");
        gigahertz = frequency.number("value", 0.1, 10);
        String gigahertzSource = frequency.string("source");
        CpuFeatures features = features(doc.doc("features"));
        Map<String, Value> listed = doc.doc("sources").entries();
        listed.forEach((source, words) -> sources.put(source, words.string()));
        Prices.ExposedFraction exposed = exposed(doc.doc("exposed_fraction"));
        Map<String, Price> prices = prices(doc.doc("prices"));
        listed.forEach((source, words) -> {
            if (!used.contains(source)) {
                words.problem("no price comes from the source '" + source + "'; remove it");
            }
        });
        Optional<Geometry> geometry = GeometryFile.read(name, doc.doc("geometry"));
        doc.finish();
        Machine machine = new Machine(
                geometry.orElseThrow(), features.hasPcid(), features.hasInvpcid(), features.vendor() == Vendor.INTEL);
        return new CpuProfile(name, title, gigahertz, gigahertzSource, features, machine, new Prices(prices, exposed));
    }

    private static CpuFeatures features(Doc of) {
        return new CpuFeatures(
                of.choice("vendor", Vendor.class),
                of.bool("pcid"),
                of.bool("invpcid"),
                of.bool("la57"),
                of.set("vulnerable_to", word -> word.choice(Vulnerability.class)),
                of.set("default_mitigations", word -> word.choice(Mitigation.class)),
                of.string("cpuid"),
                of.string("kernel"));
    }

    private static Prices.ExposedFraction exposed(Doc of) {
        double low = of.number("low", 0, 1);
        double mid = of.number("mid", 0, 1);
        double high = of.number("high", 0, 1);
        String reason = of.string("reason");
        return of.build(() -> new Prices.ExposedFraction(low, mid, high, reason))
                .orElse(new Prices.ExposedFraction(1, 1, 1, ""));
    }

    private Map<String, Price> prices(Doc of) {
        Map<String, Price> prices = new TreeMap<>();
        for (int i = 0; i < Operation.count(); i++) {
            String key = Operation.of(i).price();
            if (!prices.containsKey(key)) {
                Doc entry = of.doc(key);
                price(key, entry).ifPresent(price -> prices.put(key, price));
            }
        }
        return prices;
    }

    private Optional<Price> price(String key, Doc of) {
        double mid = of.number("mid", 0, MAX);
        boolean isTime = of.choice("unit", List.of("cycles", "ns")).equals("ns");
        double cycles = isTime ? gigahertz : 1;
        Price.Status status = of.choice("status", Price.Status.class);
        String note = of.string("note", "");
        if (status == Price.Status.ESTIMATE || status == Price.Status.ABSENT) {
            boolean isAbsent = status == Price.Status.ABSENT;
            double low = isAbsent ? 0 : of.number("low", 0, MAX);
            double high = isAbsent ? 0 : of.number("high", 0, MAX);
            String reason = of.string("reason");
            String errsWith = of.string("errs_with", key);
            return of.build(() ->
                    new Price(key, low * cycles, mid * cycles, high * cycles, status, reason, note, errsWith, isTime));
        }
        boolean isBorrowed = status == Price.Status.BORROWED;
        String from = isBorrowed ? " (borrowed from " + of.string("from") + ")" : "";
        String source = source(of.value("source")) + from;
        Price.Status rule = isBorrowed ? of.choice("was", Price.Status.class) : status;
        if (!rule.hasRule()) {
            of.value("was").problem("a price is borrowed where it was verified, derived or recalled; estimate it here");
            return Optional.empty();
        }
        boolean hasOwnRange = of.has("low") || of.has("high") || of.has("range");
        String errsWith = of.string("errs_with", hasOwnRange ? key : of.string("source"));
        double low = hasOwnRange ? of.number("low", 0, MAX) : mid * rule.low(isBorrowed);
        double high = hasOwnRange ? of.number("high", 0, MAX) : mid * rule.high(isBorrowed);
        String why = hasOwnRange ? of.string("range") + (note.isEmpty() ? "" : "; " + note) : note;
        return of.build(
                () -> new Price(key, low * cycles, mid * cycles, high * cycles, status, source, why, errsWith, isTime));
    }

    private String source(Value name) {
        String word = name.string();
        if (!sources.containsKey(word) && !word.isEmpty()) {
            name.problem("'" + BadInput.show(word, 40) + "' is not among the sources"
                    + Spelling.hint(word, sources.keySet()));
        }
        used.add(word);
        return sources.getOrDefault(word, word);
    }
}

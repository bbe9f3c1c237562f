package tollgate.reports;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tollgate.analysis.Figure;
import tollgate.analysis.Figure.CannotTell;
import tollgate.analysis.Figure.Estimate;
import tollgate.analysis.Uncertainty.Pair;
import tollgate.ingest.BadInput;

/**
 * What {@code results.json} says, as far as two of them are compared. JSON is YAML 1.2, so that the reader of the sidecars
 * reads it.
 *
 * @param cpu as for {@code --cpu}
 * @param provenance version, seed and parameters
 * @param workloads by name, in the order of the file
 */
record Results(String cpu, Map<String, String> provenance, Map<String, Workload> workloads) {
    /** Well beyond the results of a hundred recordings, which are some 60 MB. */
    private static final int LARGEST = 1 << 28;

    private static final String WAY_OUT = "; expected a report's results.json, as compare writes it";

    /**
     * @param sha256 of the recording
     * @param strategies by name
     * @param pairs of strategies in the same draws
     */
    record Workload(String sha256, Map<String, Map<String, Metric>> strategies, List<Pair> pairs) {}

    /** @param unit or empty where nothing can be told */
    record Metric(Figure figure, String unit) {}

    /**
     * @param place a {@code results.json} or the folder of a report
     * @throws BadInput if it is none
     * @throws IOException if it cannot be read
     */
    static Results read(Path place) throws IOException {
        Path file = Files.isDirectory(place) ? place.resolve("results.json") : place;
        if (!Files.isRegularFile(file)) {
            throw new BadInput(file.toString(), "no such file" + WAY_OUT);
        }
        if (Files.size(file) > LARGEST) {
            throw new BadInput(file.toString(), "larger than " + (LARGEST >> 20) + " MiB" + WAY_OUT);
        }
        try (BufferedReader in = Files.newBufferedReader(file)) {
            LoadSettings settings =
                    LoadSettings.builder().setCodePointLimit(LARGEST).build();
            Map<?, ?> root = map(new Load(settings).loadFromReader(in));
            if (!Json.RESULTS.equals(root.get("schema"))) {
                throw new BadInput(
                        file.toString(),
                        "expected \"schema\": \"" + Json.RESULTS + "\", found "
                                + BadInput.show(String.valueOf(root.get("schema")), 60)
                                + "; write the report again with this version");
            }
            return of(root);
        } catch (MarkedYamlEngineException e) {
            String line = e.getProblemMark()
                    .map(mark -> " in line " + (mark.getLine() + 1))
                    .orElse("");
            throw new BadInput(
                    file.toString(), "is not JSON: " + BadInput.show(firstLine(e.getProblem()), 120) + line + WAY_OUT);
        } catch (YamlEngineException e) {
            String problem = e.getCause() instanceof CharacterCodingException
                    ? "no UTF-8 text"
                    : BadInput.show(firstLine(e.getMessage()), 120);
            throw new BadInput(file.toString(), "is not JSON: " + problem + WAY_OUT);
        } catch (StackOverflowError e) { // the parser descends with the text, and has no limit of its own
            throw new BadInput(file.toString(), "nested too deeply" + WAY_OUT);
        } catch (ClassCastException | NullPointerException | IllegalArgumentException e) {
            throw new BadInput(file.toString(), "does not follow results.schema.json" + WAY_OUT);
        }
    }

    private static String firstLine(String text) {
        return String.valueOf(text).lines().findFirst().orElse("");
    }

    private static Results of(Map<?, ?> root) {
        Map<String, String> provenance = new LinkedHashMap<>();
        map(root.get("provenance")).forEach((key, value) -> provenance.put((String) key, (String) value));
        Map<String, Workload> workloads = new LinkedHashMap<>();
        for (Object each : (List<?>) root.get("workloads")) {
            Map<?, ?> workload = map(each);
            workloads.put(text(workload, "name"), workload(workload));
        }
        return new Results(text(map(root.get("cpu")), "name"), provenance, workloads);
    }

    private static Workload workload(Map<?, ?> workload) {
        Map<String, Map<String, Metric>> strategies = new LinkedHashMap<>();
        for (Object each : (List<?>) workload.get("strategies")) {
            Map<?, ?> strategy = map(each);
            Map<String, Metric> metrics = new LinkedHashMap<>();
            map(strategy.get("metrics")).forEach((key, value) -> metrics.put((String) key, metric(map(value))));
            strategies.put(text(strategy, "name"), metrics);
        }
        List<Pair> pairs = ((List<?>) map(workload.get("uncertainty")).get("pairs"))
                .stream()
                        .map(Results::map)
                        .map(pair -> new Pair(
                                text(pair, "a"),
                                text(pair, "b"),
                                number(pair, "aIsCheaper"),
                                estimate(map(pair.get("difference")))))
                        .toList();
        return new Workload(text(map(workload.get("trace")), "sha256"), strategies, pairs);
    }

    private static Metric metric(Map<?, ?> figure) {
        return figure.containsKey("cannotTell")
                ? new Metric(new CannotTell(text(figure, "cannotTell")), "")
                : new Metric(estimate(figure), text(figure, "unit"));
    }

    private static Estimate estimate(Map<?, ?> figure) {
        return new Estimate(number(figure, "value"), number(figure, "low"), number(figure, "high"));
    }

    private static double number(Map<?, ?> map, String key) {
        return ((Number) map.get(key)).doubleValue();
    }

    private static String text(Map<?, ?> map, String key) {
        return Objects.requireNonNull((String) map.get(key));
    }

    private static Map<?, ?> map(Object value) {
        return Objects.requireNonNull((Map<?, ?>) value);
    }
}

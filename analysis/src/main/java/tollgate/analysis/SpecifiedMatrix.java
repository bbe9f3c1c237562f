package tollgate.analysis;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import tollgate.analysis.AttackCell.Verdict;

/**
 * What the postings let expect of each attack, as {@code specification-matrix.csv} has it, and where what is derived from a
 * replay differs. No result depends on it.
 */
public final class SpecifiedMatrix {
    private static final String FILE = "specification-matrix.csv";

    private SpecifiedMatrix() {}

    /** @param why the derived verdict may differ, or empty */
    private record Expected(Attack attack, String strategy, Verdict verdict, String why) {}

    /**
     * A verdict other than expected.
     *
     * @param strategy as compared
     * @param why the difference is understood, or empty
     */
    public record Difference(Attack attack, String strategy, Verdict expected, Verdict derived, String why) {}

    /** In the order of the attacks. What cannot be told, and strategies with parameters or parts, are expected nothing of. */
    public static List<Difference> differences(List<Comparison.Strategy> strategies) {
        List<Difference> differences = new ArrayList<>();
        for (Expected expected : read()) {
            for (Comparison.Strategy strategy : strategies) {
                strategy.protection().attacks().stream()
                        .filter(cell -> strategy.name().equals(expected.strategy()))
                        .filter(cell -> cell.attack() == expected.attack())
                        .filter(cell -> cell.verdict() != Verdict.CANNOT_TELL && cell.verdict() != expected.verdict())
                        .forEach(cell -> differences.add(new Difference(
                                expected.attack(),
                                expected.strategy(),
                                expected.verdict(),
                                cell.verdict(),
                                expected.why())));
            }
        }
        return differences;
    }

    private static List<Expected> read() {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(SpecifiedMatrix.class.getResourceAsStream(FILE)), StandardCharsets.UTF_8))) {
            return in.lines()
                    .filter(line -> !line.startsWith("#") && !line.startsWith("attack,"))
                    .map(line -> line.split(",", 4))
                    .map(cells -> new Expected(
                            Attack.valueOf(cells[0].toUpperCase(Locale.ROOT)), cells[1], verdict(cells[2]), cells[3]))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Verdict verdict(String letter) {
        return switch (letter) {
            case "S" -> Verdict.STOPPED;
            case "R" -> Verdict.REDUCED;
            case "N" -> Verdict.NOT_AFFECTED;
            default -> throw new IllegalStateException(FILE + ": expected S, R or N, found '" + letter + "'");
        };
    }
}

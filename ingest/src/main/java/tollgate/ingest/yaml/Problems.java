package tollgate.ingest.yaml;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What is wrong with one document so far. A hostile document may be wrong everywhere: beyond a bound, problems are only counted. */
final class Problems {
    /** Lines that a person would still read. */
    static final int SHOWN = 200;

    private record Problem(String path, int line, int column, String text) {}

    private final String file;
    private final List<Problem> problems = new ArrayList<>();
    private int count;

    Problems(String file) {
        this.file = file;
    }

    /**
     * @param path of the map or value that is wrong
     * @param line from 1
     * @param column from 1, in characters
     */
    void add(String path, int line, int column, String text) {
        count++;
        if (problems.size() < SHOWN) {
            problems.add(new Problem(path, line, column, text));
        }
    }

    int count() {
        return count;
    }

    boolean isFull() {
        return count >= SHOWN;
    }

    /** Whether nothing is wrong with the map at this path, nor with anything below it. */
    boolean isSound(String path) {
        return !isFull() && problems.stream().noneMatch(problem -> isAtOrBelow(problem.path, path));
    }

    private static boolean isAtOrBelow(String path, String top) {
        return path.startsWith(top)
                && (top.isEmpty() || path.length() == top.length() || ".[".indexOf(path.charAt(top.length())) >= 0);
    }

    BadYaml exception() {
        List<String> lines = new ArrayList<>();
        problems.stream()
                .sorted(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column))
                .forEach(p -> lines.add(file + ":" + p.line + ":" + p.column + ": " + p.text));
        if (count > problems.size()) {
            lines.add(file + ": and " + (count - problems.size()) + " more problems; mend these first");
        }
        return new BadYaml(lines);
    }
}

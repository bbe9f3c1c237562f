package tollgate.ingest.yaml;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What is wrong with one document so far. A hostile document may be wrong everywhere: beyond a bound, problems are only counted. */
final class Problems {
    /** Lines that a person would still read. */
    static final int SHOWN = 200;

    private record Problem(int line, int column, String text) {}

    private final String file;
    private final List<Problem> problems = new ArrayList<>();
    private int count;

    Problems(String file) {
        this.file = file;
    }

    /**
     * @param line from 1
     * @param column from 1, in characters
     */
    void add(int line, int column, String text) {
        count++;
        if (problems.size() < SHOWN) {
            problems.add(new Problem(line, column, text));
        }
    }

    int count() {
        return count;
    }

    boolean isFull() {
        return count >= SHOWN;
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

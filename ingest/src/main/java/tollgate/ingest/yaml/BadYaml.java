package tollgate.ingest.yaml;

import java.util.List;
import tollgate.ingest.BadInput;

/** Everything that is wrong with one document, a line each, in the document's order. */
public final class BadYaml extends BadInput {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    BadYaml(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** One line each: {@code file:line:column: what is wrong}. */
    public List<String> problems() {
        return problems;
    }
}

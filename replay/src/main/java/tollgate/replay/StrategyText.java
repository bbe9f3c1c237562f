package tollgate.replay;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A strategy as its user wrote it, with all that it needs to be built elsewhere: the files of strategies of his own.
 *
 * @param name that it goes by, or empty for its own
 * @param text as for {@link Strategies#parse(String)}
 * @param files contents of the files that it names
 */
public record StrategyText(String name, String text, Map<String, String> files) implements Serializable {
    public StrategyText {
        files = Collections.unmodifiableMap(new TreeMap<>(files));
    }

    /**
     * Reads the files and tries the strategy.
     *
     * @param name that it goes by, or empty for its own
     * @param folder that files are sought in
     * @throws IllegalArgumentException saying what is wrong and what is known
     * @throws tollgate.ingest.BadInput with all that is wrong with a file
     */
    public static StrategyText of(String name, String text, Path folder) {
        Map<String, String> files = new TreeMap<>();
        for (String file : Strategies.files(text)) {
            Path path = folder.resolve(file);
            StrategyFile.read(path);
            try {
                files.put(file, Files.readString(path));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        StrategyText all = new StrategyText(name, text, files);
        all.strategy();
        return all;
    }

    /** @throws IllegalArgumentException saying what is wrong and what is known */
    public Strategy strategy() {
        Strategy strategy = Strategies.parse(text, file -> StrategyFile.of(file, files.get(file)));
        return name.isEmpty() ? strategy : strategy.as(name);
    }
}

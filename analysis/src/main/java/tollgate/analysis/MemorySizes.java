package tollgate.analysis;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tollgate.ingest.yaml.Doc;
import tollgate.ingest.yaml.Yaml;
import tollgate.replay.MemoryClass;

/**
 * How large each class of memory is on the machine that exposure is counted for: as {@code machine.yaml} states it, but
 * for what a sidecar says of its own. No recording tells; figures in bytes are figures on this machine.
 */
public final class MemorySizes {
    private static final String DEFAULTS = "machine.yaml";

    /** 64 TiB: more than x86-64's direct map holds with four-level tables. */
    private static final long MOST = 1L << 46;

    /** What is not stated has no size: ephemeral mappings are counted page by page while they are there. */
    private final Map<MemoryClass, Size> sizes = new EnumMap<>(MemoryClass.class);

    /**
     * @param memoryClass as in views
     * @param sensitivity 0 public to 3 keys
     * @param bytes of all memory of this class
     * @param source of the size, or "assumed"
     */
    public record Size(String memoryClass, int sensitivity, long bytes, String source) implements Serializable {}

    /** @param own sizes by name of a class in small letters, in bytes, as a sidecar has them */
    MemorySizes(Map<String, Long> own) {
        Doc doc = read();
        doc.string("description");
        Doc classes = doc.doc("classes");
        for (MemoryClass memoryClass : MemoryClass.values()) {
            String name = memoryClass.name().toLowerCase(Locale.ROOT);
            classes.optionalDoc(name)
                    .ifPresent(stated -> put(memoryClass, stated.bytes("bytes"), stated.string("source")));
            if (own.containsKey(name)) {
                put(memoryClass, Math.min(own.get(name), MOST), "the sidecar");
            }
        }
        doc.finish();
    }

    private static Doc read() {
        try (InputStream in = MemorySizes.class.getResourceAsStream(DEFAULTS)) {
            return Yaml.read(DEFAULTS, in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void put(MemoryClass memoryClass, long bytes, String source) {
        String name = memoryClass.name().toLowerCase(Locale.ROOT);
        sizes.put(memoryClass, new Size(name, memoryClass.sensitivity(), bytes, source));
    }

    long bytes(MemoryClass memoryClass) {
        Size size = sizes.get(memoryClass);
        return size == null ? 0 : size.bytes();
    }

    /** In the order of the classes. */
    List<Size> all() {
        return List.copyOf(sizes.values());
    }
}

package tollgate.ingest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** The catalog of formats: sorted by name, no twins, recognised by content. */
public final class Formats {
    private static final List<Format> ALL = load();

    private Formats() {}

    /** What recordings are often kept in and readers do not look into, by the bytes at its beginning, or for tar further on. */
    private enum Packed {
        XZ("xz", "xz -d", 0, "\u00fd7zXZ\0"),
        BZIP2("bzip2", "bzip2 -d", 4, "1AY&SY"),
        LZ4("lz4", "lz4 -d", 0, "\u0004\"M\u0018"),
        ZIP("a zip archive", "unzip", 0, "PK\u0003\u0004"),
        TAR("a tar archive", "tar xf", 257, "ustar");

        final String what;
        final String unpack;
        private final int at;
        private final byte[] magic;

        Packed(String what, String unpack, int at, String magic) {
            this.what = what;
            this.unpack = unpack;
            this.at = at;
            this.magic = magic.getBytes(StandardCharsets.ISO_8859_1);
        }

        boolean isOf(byte[] head) {
            return head.length >= at + magic.length
                    && Arrays.equals(head, at, at + magic.length, magic, 0, magic.length);
        }
    }

    public static List<Format> all() {
        return ALL;
    }

    /** @throws BadInput naming the known formats */
    public static Format named(String name) {
        return ALL.stream()
                .filter(format -> format.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new BadInput(
                        "--format", "unknown format '" + BadInput.show(name, 40) + "'; known: " + names()));
    }

    /** The format that is surest of this input. @throws BadInput if none knows it */
    public static Format recognise(Input input) throws IOException {
        Optional<Format> surest = surest(input);
        if (surest.isEmpty()) {
            throw unknown(input);
        }
        return surest.get();
    }

    /** As {@link #recognise}, or nothing if none knows it. @throws BadInput if it is empty or packed, and may have been a recording */
    static Optional<Format> surest(Input input) throws IOException {
        if (!input.isDirectory() && input.head().length == 0) {
            throw new BadInput(input.name(), "the file is empty; record again");
        }
        for (Packed packed : Packed.values()) {
            if (packed.isOf(input.head())) {
                throw new BadInput(
                        input.name(),
                        "expected a recording, plain or compressed by gzip or zstd, found " + packed.what
                                + "; unpack it first, as by '" + packed.unpack + "'");
            }
        }
        Format best = null;
        int confidence = 0;
        for (Format format : ALL) {
            int mine = format.confidence(input);
            if (mine == Format.CERTAIN) {
                return Optional.of(format);
            }
            if (mine > confidence) {
                best = format;
                confidence = mine;
            }
        }
        return Optional.ofNullable(best);
    }

    private static BadInput unknown(Input input) throws IOException {
        byte[] head = input.head();
        String start = new String(head, 0, Math.min(head.length, 48), StandardCharsets.ISO_8859_1);
        return new BadInput(
                input.name(),
                "expected a recording (" + names() + "), found '" + BadInput.show(start, 48)
                        + "'; see 'tollgate list formats'");
    }

    private static String names() {
        return String.join(", ", ALL.stream().map(Format::name).toList());
    }

    private static List<Format> load() {
        List<Format> formats = ServiceLoader.load(Format.class, Format.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparing(Format::name))
                .toList();
        for (int i = 1; i < formats.size(); i++) {
            if (formats.get(i).name().equals(formats.get(i - 1).name())) {
                throw new IllegalStateException(
                        "two formats are called '" + formats.get(i).name() + "'");
            }
        }
        return formats;
    }
}

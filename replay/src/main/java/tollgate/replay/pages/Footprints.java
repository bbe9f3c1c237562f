package tollgate.replay.pages;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import tollgate.ingest.BadInput;

/**
 * Whole real invocations of kernel events, page by page, as measured in emulated guests: what
 * {@link PageStream} draws from. Layout: {@link FootprintFormat}. Not changed once read, so that threads may share it.
 */
public final class Footprints {
    private static final String SHIPPED = "footprints.bin.zst";
    /** No table of a footprints file is longer: a bound on memory for a broken file. */
    private static final int MOST = 1 << 26;

    /** Programs are masked as bits of a long. */
    private static final int MOST_PROGRAMS = 64;

    private final String origin;
    String kernel = "";
    String[] programs = {};
    byte[] kind = {};
    byte[] pageClass = {};
    byte[] family = {};
    long[] number = {};
    /**
     * Pages that user stretches of a young process choose from, for each fault it had: 1.17, measured in micro_forkexec, a loop
     * that starts a small program again and again and has no user model of its own.
     */
    double pagesPerFault;

    UserModel[] models = {};
    long[] poolKey = {};
    /** First row of pool i; one more at the end. */
    int[] poolRow = {};

    int[] rowProgram = {};
    /** First template of row i; one more at the end. */
    int[] rowTemplate = {};

    int[] templateInstructions = {};
    /** First part of template i; one more at the end. */
    int[] templatePart = {};
    /** First access of part i; one more at the end. */
    int[] partAccess = {};
    /** page << 2 | type */
    int[] accesses = {};

    private PageKinds kinds;

    /** The decompressed file, and how far it is read. */
    private byte[] bytes = {};

    private int at;

    private Footprints(String origin) {
        this.origin = origin;
    }

    /** The footprints that come with Tollgate: Linux 6.1. */
    public static Footprints shipped() {
        return Shipped.FOOTPRINTS;
    }

    /** Read when first asked for. */
    private static final class Shipped {
        static final Footprints FOOTPRINTS = read();

        private static Footprints read() {
            try (InputStream in = Footprints.class.getResourceAsStream(SHIPPED)) {
                return new Footprints(SHIPPED).read(new ByteArrayInputStream(in.readAllBytes()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** @throws BadInput when the file is none of footprints */
    public static Footprints load(Path file) throws IOException {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new BadInput(file.toString(), "expected a readable file of footprints; check the path");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return new Footprints(file.toString()).read(in);
        }
    }

    /** The kernel whose fixed pages these are. */
    public String kernel() {
        return kernel;
    }

    /** The programs whose invocations are in here. */
    public List<String> programs() {
        return List.of(programs);
    }

    /** Invocations in all. */
    public int invocations() {
        return templateInstructions.length;
    }

    /** What kinds of page those of the direct map are; found when first asked for. */
    synchronized PageKinds kinds() {
        if (kinds == null) {
            kinds = new PageKinds(this);
        }
        return kinds;
    }

    /** Index of a program, or -1. */
    int program(String name) {
        return Arrays.asList(programs).indexOf(name);
    }

    /** Index of the pool of an event, or -1. */
    int pool(int cause, int variant) {
        int at = Arrays.binarySearch(poolKey, FootprintFormat.key(cause, variant));
        return at >= 0 ? at : -1;
    }

    private Footprints read(InputStream compressed) throws IOException {
        try (InputStream in = new ZstdInputStream(compressed)) {
            bytes = in.readNBytes(MOST);
        } catch (IOException e) {
            throw new BadInput(origin, "expected a zstd file of footprints, found " + e.getMessage());
        }
        int magic = FootprintFormat.MAGIC.length;
        if (bytes.length < magic || !Arrays.equals(bytes, 0, magic, FootprintFormat.MAGIC, 0, magic)) {
            throw bad("the magic of a footprints file, version 2", "other bytes");
        }
        at = magic;
        header();
        pools();
        templates();
        if (at < bytes.length) {
            throw bad("the end of the file", "more bytes");
        }
        bytes = new byte[0];
        return this;
    }

    private void header() {
        kernel = text();
        programs = new String[below(MOST_PROGRAMS + 1)];
        for (int i = 0; i < programs.length; i++) {
            programs[i] = text();
        }
        int pages = count();
        kind = new byte[pages];
        pageClass = new byte[pages];
        family = new byte[pages];
        number = new long[pages];
        long last = 0;
        for (int i = 0; i < pages; i++) {
            kind[i] = (byte) below(FootprintFormat.USER_RANK + 1);
            pageClass[i] = (byte) below(PageClass.values().length);
            family[i] = (byte) below(EventFamily.values().length);
            long zigzag = varint();
            last += zigzag >>> 1 ^ -(zigzag & 1);
            number[i] = last;
        }
        pagesPerFault = varint() / 1000.0;
        models = new UserModel[programs.length];
        int given = count();
        Arrays.fill(models, UserModel.NONE);
        for (int i = 0; i < given; i++) {
            int program = below(programs.length);
            long[] nanos = new long[count()];
            double[] distinct = new double[nanos.length];
            for (int j = 0; j < nanos.length; j++) {
                nanos[j] = varint();
                distinct[j] = varint() / 1000.0;
            }
            long[] weights = new long[count()];
            for (int j = 0; j < weights.length; j++) {
                weights[j] = varint();
            }
            models[program] = new UserModel(nanos, distinct, weights);
        }
    }

    private void pools() {
        int pools = count();
        poolKey = new long[pools];
        poolRow = new int[pools + 1];
        rowProgram = new int[pools];
        rowTemplate = new int[pools + 1];
        int rows = 0;
        int templates = 0;
        for (int i = 0; i < pools; i++) {
            poolKey[i] = varint();
            if (i > 0 && poolKey[i] <= poolKey[i - 1]) {
                throw bad("pools in ascending order", "key " + poolKey[i]);
            }
            for (int more = count(); more > 0; more--) {
                if (rows == rowProgram.length) {
                    rowProgram = Arrays.copyOf(rowProgram, rows * 2);
                    rowTemplate = Arrays.copyOf(rowTemplate, rows * 2 + 1);
                }
                rowProgram[rows] = below(programs.length);
                templates += count();
                if (templates > bytes.length - at) {
                    throw bad("no more invocations than bytes", templates + " of them");
                }
                rowTemplate[++rows] = templates;
            }
            poolRow[i + 1] = rows;
        }
        templateInstructions = new int[templates];
    }

    private void templates() {
        int templates = templateInstructions.length;
        templatePart = new int[templates + 1];
        partAccess = new int[templates * 2 + 1];
        int parts = 0;
        int total = 0;
        for (int i = 0; i < templates; i++) {
            templateInstructions[i] = (int) Math.min(Integer.MAX_VALUE, varint());
            for (int more = count(); more > 0; more--) {
                if (parts + 1 == partAccess.length) {
                    partAccess = Arrays.copyOf(partAccess, parts * 2 + 1);
                }
                total += count();
                if (total > bytes.length - at) {
                    throw bad("no more accesses than bytes", total + " of them");
                }
                partAccess[++parts] = total;
            }
            templatePart[i + 1] = parts;
        }
        accesses = new int[total];
        for (int i = 0; i < total; i++) {
            accesses[i] = below(number.length << 2);
        }
    }

    private int count() {
        return below(Math.min(MOST, bytes.length - at + 1)); // each thing counted takes a byte at least
    }

    private int below(int bound) {
        long value = varint();
        if (value < 0 || value >= bound) {
            throw bad("a number below " + bound, String.valueOf(value));
        }
        return (int) value;
    }

    private String text() {
        int length = below(1 << 10);
        if (length > bytes.length - at) {
            throw bad("a text of " + length + " bytes", "the end of the file");
        }
        at += length;
        return new String(bytes, at - length, length, StandardCharsets.UTF_8);
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (at == bytes.length) {
                throw bad("a number", "the end of the file");
            }
            byte b = bytes[at++];
            value |= (long) (b & 127) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw bad("a number of at most 64 bits", "a longer one");
    }

    private BadInput bad(String expected, String found) {
        return new BadInput(origin + ": byte " + at + " decompressed", "expected " + expected + ", found " + found);
    }
}

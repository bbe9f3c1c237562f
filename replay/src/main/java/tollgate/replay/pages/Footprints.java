package tollgate.replay.pages;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
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
 * {@link PageStream} draws from. Layout: {@link FootprintFormat}.
 */
public final class Footprints {
    private static final String SHIPPED = "footprints.bin.zst";
    /** No table of a footprints file is longer: a bound on memory for a broken file. */
    private static final int MOST = 1 << 26;

    private final String origin;
    String kernel = "";
    String[] programs = {};
    byte[] kind = {};
    byte[] pageClass = {};
    byte[] family = {};
    long[] number = {};
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

    private long offset;

    private Footprints(String origin) {
        this.origin = origin;
    }

    /** The footprints that come with Tollgate: Linux 6.1. */
    public static Footprints shipped() {
        try (InputStream in = Footprints.class.getResourceAsStream(SHIPPED)) {
            return new Footprints(SHIPPED).read(new ByteArrayInputStream(in.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws BadInput when the file is none of footprints */
    public static Footprints load(Path file) throws IOException {
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
        try (InputStream zstd = new ZstdInputStream(compressed)) {
            ByteArrayInputStream in = new ByteArrayInputStream(zstd.readNBytes(MOST));
            byte[] magic = in.readNBytes(FootprintFormat.MAGIC.length);
            if (!Arrays.equals(magic, FootprintFormat.MAGIC)) {
                throw bad("the magic of a footprints file, version 1", "other bytes");
            }
            offset = magic.length;
            header(in);
            pools(in);
            invocations(in);
            if (in.read() >= 0) {
                throw bad("the end of the file", "more bytes");
            }
        } catch (java.io.EOFException e) {
            throw bad("a number", "the end of the file");
        }
        return this;
    }

    private void header(InputStream in) throws IOException {
        kernel = text(in);
        programs = new String[count(in)];
        for (int i = 0; i < programs.length; i++) {
            programs[i] = text(in);
        }
        int pages = count(in);
        kind = new byte[pages];
        pageClass = new byte[pages];
        family = new byte[pages];
        number = new long[pages];
        long last = 0;
        for (int i = 0; i < pages; i++) {
            kind[i] = (byte) below(in, FootprintFormat.USER_RANK + 1);
            pageClass[i] = (byte) below(in, PageClass.values().length);
            family[i] = (byte) below(in, EventFamily.values().length);
            long zigzag = varint(in);
            last += zigzag >>> 1 ^ -(zigzag & 1);
            number[i] = last;
        }
        models = new UserModel[programs.length];
        int given = count(in);
        Arrays.fill(models, UserModel.NONE);
        for (int i = 0; i < given; i++) {
            int program = below(in, programs.length);
            long[] nanos = new long[count(in)];
            double[] distinct = new double[nanos.length];
            for (int j = 0; j < nanos.length; j++) {
                nanos[j] = varint(in);
                distinct[j] = varint(in) / 1000.0;
            }
            long[] weights = new long[count(in)];
            for (int j = 0; j < weights.length; j++) {
                weights[j] = varint(in);
            }
            models[program] = new UserModel(nanos, distinct, weights);
        }
    }

    private void pools(InputStream in) throws IOException {
        int pools = count(in);
        poolKey = new long[pools];
        poolRow = new int[pools + 1];
        rowProgram = new int[pools];
        rowTemplate = new int[pools + 1];
        int rows = 0;
        int templates = 0;
        for (int i = 0; i < pools; i++) {
            poolKey[i] = varint(in);
            if (i > 0 && poolKey[i] <= poolKey[i - 1]) {
                throw bad("pools in ascending order", "key " + poolKey[i]);
            }
            for (int more = count(in); more > 0; more--) {
                if (rows == rowProgram.length) {
                    rowProgram = Arrays.copyOf(rowProgram, rows * 2);
                    rowTemplate = Arrays.copyOf(rowTemplate, rows * 2 + 1);
                }
                rowProgram[rows] = below(in, programs.length);
                templates += count(in);
                rowTemplate[++rows] = templates;
            }
            poolRow[i + 1] = rows;
        }
        templateInstructions = new int[templates];
    }

    private void invocations(InputStream in) throws IOException {
        int templates = templateInstructions.length;
        templatePart = new int[templates + 1];
        partAccess = new int[templates * 2 + 1];
        int parts = 0;
        int total = 0;
        for (int i = 0; i < templates; i++) {
            templateInstructions[i] = (int) Math.min(Integer.MAX_VALUE, varint(in));
            for (int more = count(in); more > 0; more--) {
                if (parts + 1 == partAccess.length) {
                    partAccess = Arrays.copyOf(partAccess, parts * 2 + 1);
                }
                total += count(in);
                if (total > MOST) {
                    throw bad("at most " + MOST + " accesses", "more");
                }
                partAccess[++parts] = total;
            }
            templatePart[i + 1] = parts;
        }
        accesses = new int[total];
        for (int i = 0; i < total; i++) {
            accesses[i] = below(in, number.length << 2);
        }
    }

    private int count(InputStream in) throws IOException {
        return below(in, MOST);
    }

    private int below(InputStream in, int bound) throws IOException {
        long value = varint(in);
        if (value < 0 || value >= bound) {
            throw bad("a number below " + bound, String.valueOf(value));
        }
        return (int) value;
    }

    private String text(InputStream in) throws IOException {
        byte[] bytes = new byte[below(in, 1 << 10)];
        new DataInputStream(in).readFully(bytes);
        offset += bytes.length;
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private long varint(InputStream in) throws IOException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int b = in.read();
            if (b < 0) {
                throw new java.io.EOFException();
            }
            offset++;
            value |= (long) (b & 127) << shift;
            if (b < 128) {
                return value;
            }
        }
        throw bad("a number of at most 64 bits", "a longer one");
    }

    private BadInput bad(String expected, String found) {
        return new BadInput(origin + ": byte " + offset + " decompressed", "expected " + expected + ", found " + found);
    }
}

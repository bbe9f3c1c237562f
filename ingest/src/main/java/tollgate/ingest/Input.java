package tollgate.ingest;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A recording as it lies on disk, peeled: {@code .zst} and {@code .gz} are recognised by their magic
 * numbers and opened as they are. Peel first, parse second.
 *
 * <p>A stream is read front to back in bounded memory. What must be sought in ({@link #channel}) is the
 * file itself, or, if compressed or piped, a temporary copy of at most {@link #SPOOL_LIMIT} bytes. A recording that is
 * no file of this machine ({@link Remote}) is copied first, since it is read several times.
 */
public final class Input implements Closeable {
    /** Bytes that {@link #head} shows at most. */
    public static final int HEAD = 1 << 16;
    /** 64 GiB: a larger temporary copy is refused, since it is more likely a decompression bomb than a recording. */
    public static final long SPOOL_LIMIT = Long.getLong("tollgate.spool.limit", 64L << 30);

    private static final int BUFFER = 1 << 17;

    /** What is asked of a reader that meets corruption inside the recording. A mere end before its time is none. */
    public enum Damage {
        /** An error with the place. */
        REFUSE,
        /** To go on at the next whole record, and to count it ({@link Tally#skipped()}). */
        SKIP
    }

    private final Path path;
    private final String name;
    private final Damage damage;
    private byte[] head;
    private Path fetched;
    private Path spooled;
    private FileChannel channel;

    private Input(Path path, String name, Damage damage) {
        this.path = path;
        this.name = name;
        this.damage = damage;
    }

    /** As {@link #of(Path, Damage)}, refusing what is damaged. */
    public static Input of(Path path) throws IOException {
        return of(path, Damage.REFUSE);
    }

    /**
     * @param path a file, a folder that is one recording (perf record --threads, strace -ff), or {@code -} for
     *     standard input
     * @throws BadInput if there is nothing readable there
     */
    public static Input of(Path path, Damage damage) throws IOException {
        String name = path.toString();
        if (name.equals("-")) {
            Input input = new Input(path, "standard input", damage);
            input.spool(System.in);
            return input;
        }
        if (!Files.exists(path)) {
            throw new BadInput(name, "no such file or folder; check the path");
        }
        if (!Files.isReadable(path)) {
            throw new BadInput(name, "not readable; check its permissions");
        }
        if (!Files.isDirectory(path) && !Files.isRegularFile(path)) {
            throw new BadInput(name, "expected a file, found a device or pipe; give it on standard input with -");
        }
        return new Input(path, name, damage);
    }

    /**
     * @param location a path as for {@link #of(Path, Damage)}, or an address that a {@link Remote} reads
     * @throws BadInput if there is nothing readable there
     */
    public static Input of(String location, Damage damage) throws IOException {
        if (!Remote.isAddress(location)) {
            return of(Path.of(location), damage);
        }
        if (Remote.scheme(location).equals(Remote.FILE)) {
            return of(file(location), damage);
        }
        Path folder = Files.createTempDirectory("tollgate-");
        Path copy = folder.resolve(location.substring(location.lastIndexOf('/') + 1));
        Input input = new Input(copy, location, damage);
        input.fetched = copy;
        copy.toFile().deleteOnExit();
        try (InputStream in = Remote.of(location).open(location)) {
            input.copy(in, copy);
            return input;
        } catch (IOException | RuntimeException e) {
            input.close();
            throw e;
        }
    }

    /** The path that an address of this machine means. @throws BadInput if it means none */
    public static Path file(String address) {
        try {
            return Path.of(URI.create(address));
        } catch (IllegalArgumentException | FileSystemNotFoundException e) {
            throw new BadInput(address, "expected file:/ and an absolute path (" + e.getMessage() + ")");
        }
    }

    /** As {@link #sha256()} of what is at a location, without a copy of it. */
    public static String sha256(String location) throws IOException {
        if (!Remote.isAddress(location) || Remote.scheme(location).equals(Remote.FILE)) {
            try (Input input = of(location, Damage.REFUSE)) {
                return input.sha256();
            }
        }
        MessageDigest digest = digest();
        try (InputStream in = Remote.of(location).open(location)) {
            update(digest, in);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** What to call this input in messages. */
    public String name() {
        return name;
    }

    /** What to do where it is damaged. */
    public Damage damage() {
        return damage;
    }

    /** The file or folder itself, as given. */
    public Path path() {
        return path;
    }

    public boolean isDirectory() {
        return Files.isDirectory(path);
    }

    /** The first bytes after decompression, up to {@link #HEAD}; empty for a folder. */
    public byte[] head() throws IOException {
        if (head == null) {
            if (isDirectory()) {
                head = new byte[0];
            } else {
                try (InputStream in = stream()) {
                    head = in.readNBytes(HEAD);
                }
            }
        }
        return head;
    }

    /** The decompressed bytes from the first on; each call starts anew. A cut compressed stream ends early, without an error. */
    public InputStream stream() throws IOException {
        return peel(Files.newInputStream(spooled != null ? spooled : path));
    }

    /** True if the bytes on disk are compressed as a whole. */
    public boolean isCompressed() throws IOException {
        try (InputStream in = Files.newInputStream(spooled != null ? spooled : path)) {
            byte[] magic = in.readNBytes(4);
            return isZstd(magic) || isGzip(magic);
        }
    }

    /** The decompressed bytes, to be sought in. Closed with this input. @throws BadInput past {@link #SPOOL_LIMIT} */
    public FileChannel channel() throws IOException {
        if (channel == null) {
            if (isCompressed()) {
                try (InputStream in = stream()) {
                    spool(in);
                }
            }
            channel = FileChannel.open(spooled != null ? spooled : path, StandardOpenOption.READ);
        }
        return channel;
    }

    /** SHA-256 of the file as it lies on disk, in hexadecimal; of a folder, of its files in order of name. */
    public String sha256() throws IOException {
        MessageDigest digest = digest();
        if (isDirectory()) {
            try (var files = Files.list(path)) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    update(digest, Files.newInputStream(file));
                }
            }
        } else {
            update(digest, Files.newInputStream(Files.exists(path) ? path : spooled));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
        if (spooled != null) {
            Files.deleteIfExists(spooled);
        }
        if (fetched != null) {
            Files.deleteIfExists(fetched);
            Files.deleteIfExists(fetched.getParent());
        }
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static void update(MessageDigest digest, InputStream bytes) throws IOException {
        try (InputStream in = new DigestInputStream(bytes, digest)) {
            byte[] buffer = new byte[BUFFER];
            while (in.read(buffer) >= 0) {
                continue;
            }
        }
    }

    private void spool(InputStream in) throws IOException {
        Path copy = Files.createTempFile("tollgate-", ".spool");
        copy.toFile().deleteOnExit();
        copy(in, copy);
        spooled = copy;
    }

    private void copy(InputStream in, Path copy) throws IOException {
        long total = 0;
        try (var out = Files.newOutputStream(copy)) {
            byte[] buffer = new byte[BUFFER];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                total += n;
                if (total > SPOOL_LIMIT) {
                    Files.delete(copy);
                    throw new BadInput(
                            name,
                            "expands to more than " + (SPOOL_LIMIT >> 30)
                                    + " GiB; decompress it yourself, or raise -Dtollgate.spool.limit");
                }
                out.write(buffer, 0, n);
            }
        }
    }

    /** @throws BadInput if what begins like compressed data is none */
    private InputStream peel(InputStream raw) throws IOException {
        BufferedInputStream in = new BufferedInputStream(raw, BUFFER);
        in.mark(4);
        byte[] magic = in.readNBytes(4);
        in.reset();
        if (isZstd(magic)) {
            return new Forgiving(new ZstdInputStream(in).setContinuous(true));
        }
        if (!isGzip(magic)) {
            return in;
        }
        try {
            return new Forgiving(new GZIPInputStream(in, BUFFER));
        } catch (ZipException | EOFException corrupt) {
            in.close();
            throw new BadInput(
                    name, "the compressed data is corrupt (" + corrupt.getMessage() + "); copy the file again");
        }
    }

    private static boolean isZstd(byte[] m) {
        return m.length == 4 && (m[0] & 0xff) == 0x28 && (m[1] & 0xff) == 0xb5 && m[2] == 0x2f && (m[3] & 0xff) == 0xfd;
    }

    private static boolean isGzip(byte[] m) {
        return m.length >= 2 && m[0] == 0x1f && (m[1] & 0xff) == 0x8b;
    }

    /** A compressed stream that is cut off or broken ends where it breaks; the reader sees a record cut short and says so. */
    private final class Forgiving extends InputStream {
        private final InputStream in;
        private boolean broken;

        Forgiving(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] to, int from, int length) throws IOException {
            if (broken) {
                return -1;
            }
            try {
                return in.read(to, from, length);
            } catch (EOFException cut) {
                broken = true;
                return -1;
            } catch (ZstdIOException | ZipException corrupt) {
                if (corrupt instanceof ZstdIOException frame
                        && frame.getErrorCode() == Zstd.errFrameParameterWindowTooLarge()) {
                    throw new BadInput(
                            name,
                            "expected a zstd window of at most 128 MiB, found a larger one (zstd --long); unpack it"
                                    + " first by 'zstd -d --long=31'");
                }
                throw new BadInput(
                        name, "the compressed data is corrupt (" + corrupt.getMessage() + "); copy the file again");
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}

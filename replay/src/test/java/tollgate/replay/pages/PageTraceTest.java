package tollgate.replay.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import tollgate.ingest.BadInput;

/** Page-access traces are read exactly, and what is no trace is refused at its first wrong byte. */
final class PageTraceTest {
    private static final int FETCH = 0;
    private static final int LOAD = 1;
    private static final int STORE = 2;
    private static final int EVENT = 3;

    @Test
    void recordsComeAsTheyWereWritten() throws IOException {
        byte[] trace = trace(
                FETCH,
                0x401, // new page, id 1
                LOAD,
                0x7ffffffffL, // new page, id 2: the last user page of 36 bits
                1 << 2 | STORE, // id 1
                0 << 2 | STORE,
                0xfffffffffL, // new page, id 3: the last kernel page
                3 << 2 | FETCH,
                PageTrace.SYSCALL_ENTRY << 2 | EVENT,
                1_000_000,
                2,
                3,
                0,
                PageTrace.END << 2 | EVENT,
                5,
                0,
                0,
                0);
        List<String> got = new ArrayList<>();
        PageTrace.Extent extent = read(trace, got);
        assertThat(got)
                .containsExactly(
                        "fetch 401",
                        "load 7ffffffff",
                        "store 401",
                        "store ffffffffffffffff",
                        "fetch ffffffffffffffff",
                        "event 2: 1000000 2 3 0",
                        "event 12: 5 0 0 0");
        assertThat(extent).isEqualTo(new PageTrace.Extent(5, 2, 3, true));
    }

    @Test
    void aTraceThatEndsEarlyIsUsedUpToItsLastWholeRecord() throws IOException {
        byte[] trace = trace(
                FETCH,
                0x401,
                PageTrace.SYSCALL_ENTRY << 2 | EVENT,
                300,
                2,
                3,
                400,
                PageTrace.END << 2 | EVENT,
                0,
                0,
                0,
                0);
        int whole = trace.length - 5;
        for (int length = 5; length < trace.length; length++) {
            List<String> got = new ArrayList<>();
            PageTrace.Extent extent = read(Arrays.copyOf(trace, length), got);
            assertThat(extent.isWhole()).isFalse();
            assertThat(got).hasSize(length < 8 ? 0 : length < whole ? 1 : 2);
        }
    }

    @Test
    void whatIsNoTraceIsRefused() {
        refused(bytes("PGT2\n"), "t: byte 0: expected a page-access trace that starts with PGT1");
        refused(new byte[0], "t: byte 0: expected a page-access trace that starts with PGT1");
        refused(trace(2 << 2 | LOAD), "t: byte 5: expected a page id up to 0, found 2");
        refused(trace(FETCH, 1L << 36), "t: byte 5: expected a page number of 36 bits, found 1000000000");
        refused(trace(15 << 2 | EVENT, 0, 0, 0, 0), "t: byte 5: expected an event code from 1 to 14, found 15");
        refused(trace(EVENT, 0, 0, 0, 0), "t: byte 5: expected an event code from 1 to 14, found 0");
        refused(
                trace(PageTrace.END << 2 | EVENT, 0, 0, 0, 0, 7),
                "t: byte 10: expected nothing after the end event, found more");
    }

    @Test
    void aVarintWithoutEndIsRefused() {
        byte[] endless = Arrays.copyOf(bytes("PGT1\n"), 64);
        Arrays.fill(endless, 5, 64, (byte) 0xff);
        refused(endless, "t: byte 14: expected a varint of at most 9 bytes, found a longer one");
    }

    @Test
    void noMoreThanTheLimitOfPagesIsRemembered() {
        // A stream of new pages without end: refused after the limit, with bounded memory.
        byte[] newPages = new byte[1 << 16];
        for (int i = 0; i < newPages.length; i += 2) {
            newPages[i] = LOAD;
            newPages[i + 1] = 9;
        }
        InputStream endless = new SequenceInputStream(
                new ByteArrayInputStream(bytes("PGT1\n")),
                new SequenceInputStream(Collections.enumeration(Collections.nCopies(1 << 16, 0).stream()
                        .map(i -> new ByteArrayInputStream(newPages))
                        .toList())));
        assertThatThrownBy(() -> PageTrace.read("t", endless, new Quiet()))
                .isInstanceOf(BadInput.class)
                .hasMessage("t: byte 33554437: more than 16777216 different pages; cut the trace into parts");
    }

    @Test
    void noiseIsReadOrRefusedButNeverFails() throws IOException {
        SplittableRandom random = new SplittableRandom(4);
        int refused = 0;
        for (int i = 0; i < 2_000; i++) {
            byte[] noise = new byte[5 + random.nextInt(60)];
            random.nextBytes(noise);
            System.arraycopy(bytes("PGT1\n"), 0, noise, 0, 5);
            try {
                PageTrace.read("t", new ByteArrayInputStream(noise), new Quiet());
            } catch (BadInput expected) {
                refused++;
            }
        }
        assertThat(refused).isBetween(1, 1_999);
    }

    private static PageTrace.Extent read(byte[] trace, List<String> to) throws IOException {
        String[] types = {"fetch", "load", "store"};
        return PageTrace.read("t", new ByteArrayInputStream(trace), new PageTrace.Sink() {
            @Override
            public void access(long page, int type) {
                to.add(types[type] + " " + Long.toHexString(page));
            }

            @Override
            public void event(int code, long instructions, long loads, long stores, long argument) {
                to.add("event " + code + ": " + instructions + " " + loads + " " + stores + " " + argument);
            }
        });
    }

    private static void refused(byte[] trace, String message) {
        assertThatThrownBy(() -> PageTrace.read("t", new ByteArrayInputStream(trace), new Quiet()))
                .isInstanceOf(BadInput.class)
                .hasMessageStartingWith(message);
    }

    private static byte[] trace(long... varints) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(bytes("PGT1\n"));
        for (long varint : varints) {
            long rest = varint;
            while (rest >>> 7 != 0) {
                out.write((int) (rest & 0x7f | 0x80));
                rest >>>= 7;
            }
            out.write((int) rest);
        }
        return out.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static final class Quiet implements PageTrace.Sink {
        @Override
        public void access(long page, int type) {}

        @Override
        public void event(int code, long instructions, long loads, long stores, long argument) {}
    }
}

package tollgate.ingest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The thread names (comm) of one recording, each kept once and spoken of by its number.
 *
 * <p>A comm is up to 15 arbitrary bytes, not text; it is decoded as UTF-8 only to be shown. Readers
 * look names up by the bytes in their buffer, so that a line costs no allocation unless its name is new.
 */
public final class Names {
    private final List<byte[]> names = new ArrayList<>();
    private int[] slots = new int[64];

    public Names() {
        Arrays.fill(slots, -1);
    }

    /** The number of this name; the same bytes always give the same number. */
    public int id(byte[] bytes, int from, int length) {
        int mask = slots.length - 1;
        int slot = hash(bytes, from, length) & mask;
        for (int id = slots[slot]; id >= 0; id = slots[slot]) {
            byte[] known = names.get(id);
            if (Arrays.equals(known, 0, known.length, bytes, from, from + length)) {
                return id;
            }
            slot = (slot + 1) & mask;
        }
        int id = names.size();
        names.add(Arrays.copyOfRange(bytes, from, from + length));
        slots[slot] = id;
        if (names.size() * 2 > slots.length) {
            grow();
        }
        return id;
    }

    public int id(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        return id(bytes, 0, bytes.length);
    }

    /** The name with this number, or the empty string for -1. */
    public String name(int id) {
        return id < 0 ? "" : new String(names.get(id), StandardCharsets.UTF_8);
    }

    /** The bytes of this name, which need not be text; empty for -1. A copy. */
    public byte[] bytes(int id) {
        return id < 0 ? new byte[0] : names.get(id).clone();
    }

    public int size() {
        return names.size();
    }

    private void grow() {
        slots = new int[slots.length * 2];
        Arrays.fill(slots, -1);
        int mask = slots.length - 1;
        for (int id = 0; id < names.size(); id++) {
            byte[] name = names.get(id);
            int slot = hash(name, 0, name.length) & mask;
            while (slots[slot] >= 0) {
                slot = (slot + 1) & mask;
            }
            slots[slot] = id;
        }
    }

    private static int hash(byte[] bytes, int from, int length) {
        int h = length;
        for (int i = from; i < from + length; i++) {
            h = 31 * h + bytes[i];
        }
        return h * 0x9E3779B9 >>> 7;
    }
}

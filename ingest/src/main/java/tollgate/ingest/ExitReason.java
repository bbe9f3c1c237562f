package tollgate.ingest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Why a guest left to its hypervisor, as one number whatever the tool's spelling.
 *
 * <p>The id is {@code isa << 16 | reason}: isa as in the kvm_exit event (1 VMX, 2 SVM, 3 PVM), reason
 * reduced to 16 bits without loss: VMX without its flag bits; SVM as it is, with -1 as 0xffff and the
 * GHCB codes 0x8000_00xx as 0x80xx; PVM's 0x10000... as 0x100 + its upper half. Names are the kernel's
 * (arch/x86/include/uapi/asm/vmx.h, svm.h); trace-cmd's plugin spells some otherwise.
 */
public final class ExitReason {
    public static final int VMX = 1;
    public static final int SVM = 2;
    public static final int PVM = 3;

    private static final Map<Integer, String> NAMES = new HashMap<>();
    private static final Map<String, Integer> IDS = new HashMap<>();

    static {
        try (BufferedReader table = new BufferedReader(new InputStreamReader(
                ExitReason.class.getResourceAsStream("exit-reasons.tsv"), StandardCharsets.US_ASCII))) {
            table.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .forEach(line -> {
                        String[] cells = line.split("\t");
                        int id = id(Integer.parseInt(cells[0]), Long.decode(cells[1]));
                        NAMES.put(id, cells[2]);
                        for (int i = 2; i < cells.length; i++) {
                            IDS.put(cells[0] + " " + cells[i], id);
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ExitReason() {}

    /** @param reason the field exit_reason of kvm_exit, flags and all */
    public static int id(int isa, long reason) {
        int low = (int) reason;
        int compact;
        if (isa == VMX) {
            compact = low & 0x7fff;
        } else if (isa == PVM) {
            compact = low >= 0x10000 ? 0x100 + (low >>> 16) : low & 0xff;
        } else {
            compact = low == -1 ? 0xffff : (low & 0x80000000) != 0 ? 0x8000 | low & 0x7fff : low & 0x7fff;
        }
        return isa << 16 | compact;
    }

    /** The id of a name in any tool's spelling, or -1. */
    public static int idOf(int isa, String name) {
        return IDS.getOrDefault(isa + " " + name, -1);
    }

    public static int isa(int id) {
        return id >>> 16;
    }

    public static int reason(int id) {
        return id & 0xffff;
    }

    /** The kernel's name, or {@code reason 0x...}. */
    public static String name(int id) {
        String name = NAMES.get(id);
        return name != null ? name : "reason 0x" + Integer.toHexString(reason(id));
    }
}

package tollgate.ingest;

import java.util.Locale;
import java.util.Map;

/** The kernel's names for numbers in an {@link Inventory}. */
public final class InventoryNames {
    /** arch/x86/include/asm/irq_vectors.h, by the names of the tracepoints in irq_vectors. */
    private static final Map<Integer, String> VECTORS = Map.ofEntries(
            Map.entry(0xff, "spurious_apic"),
            Map.entry(0xfe, "error_apic"),
            Map.entry(0xfd, "reschedule"),
            Map.entry(0xfc, "call_function"),
            Map.entry(0xfb, "call_function_single"),
            Map.entry(0xfa, "thermal_apic"),
            Map.entry(0xf9, "threshold_apic"),
            Map.entry(0xf7, "x86_platform_ipi"),
            Map.entry(0xf6, "irq_work"),
            Map.entry(0xf4, "deferred_error_apic"),
            Map.entry(0xec, "local_timer"));

    /** enum tlb_flush_reason (include/linux/mm_types.h; the last one since 6.15), as include/trace/events/tlb.h prints it. */
    private static final String[] FLUSHES = {
        "flush on task switch",
        "remote shootdown",
        "local shootdown",
        "local MM shootdown",
        "remote IPI send",
        "remote wrong CPU"
    };

    private static final int LINUX_IRQ = 0x1000;

    private InventoryNames() {}

    /** @param code of {@link Kind#IRQ_ENTER} */
    public static String interrupt(int code) {
        if (code >= LINUX_IRQ) {
            return "irq " + (code - LINUX_IRQ);
        }
        String name = VECTORS.get(code);
        return name != null ? name : code < 0 ? "others" : "vector 0x" + Integer.toHexString(code);
    }

    /** @param reason of {@link Kind#TLB_FLUSH} */
    public static String flush(int reason) {
        return reason >= 0 && reason < FLUSHES.length ? FLUSHES[reason] : "reason " + reason;
    }

    /** @param type ordinal of a {@link NamespaceType}, as recorded */
    public static String namespace(int type) {
        NamespaceType[] known = NamespaceType.values();
        return type >= 0 && type < known.length ? known[type].name().toLowerCase(Locale.ROOT) : "type " + type;
    }
}

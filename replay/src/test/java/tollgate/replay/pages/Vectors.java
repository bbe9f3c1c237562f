package tollgate.replay.pages;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import tollgate.replay.Cause;

/**
 * What the handlers of a stream are in words of the replay. Vector numbers as in the kernel's
 * arch/x86/include/asm/irq_vectors.h; a device interrupt stands under {@link #DEVICE}.
 */
final class Vectors {
    static final int DEVICE = PageStream.DEVICE_VECTOR;
    static final int LOCAL_TIMER = 0xec;
    private static final Map<String, Integer> NUMBERS = Map.of(
            "common_interrupt", DEVICE,
            "sysvec_apic_timer_interrupt", LOCAL_TIMER,
            "sysvec_reschedule_ipi", 0xfd,
            "sysvec_call_function", 0xfc,
            "sysvec_call_function_single", 0xfb,
            "sysvec_irq_work", 0xf6);

    private Vectors() {}

    static Map<Integer, String> read(Path file) throws IOException {
        Map<Integer, String> names = new HashMap<>();
        for (String line : Files.readAllLines(file)) {
            String[] cells = line.split(" ");
            names.put(Integer.valueOf(cells[0]), cells[1]);
        }
        return names;
    }

    static int cause(String handler, boolean fromUser) {
        if (handler.equals("exc_page_fault")) {
            return fromUser ? Cause.USER_FAULT : Cause.KERNEL_FAULT;
        }
        Integer vector = NUMBERS.get(handler);
        return vector != null ? Cause.of(Cause.Family.INTERRUPT, vector) : Cause.of(Cause.Family.FAULT, 2);
    }
}

package tollgate.replay.pages;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tollgate.ingest.BadInput;
import tollgate.replay.Cause;

/**
 * What the exception ids of a page-access trace are, from the list of handlers that comes with it: {@code id handler}
 * a line. Vector numbers as in the kernel's arch/x86/include/asm/irq_vectors.h; devices stand under
 * {@link PageStream#DEVICE_VECTOR}.
 */
public final class Vectors {
    private static final Map<String, Integer> NUMBERS = Map.of(
            "common_interrupt", PageStream.DEVICE_VECTOR,
            "sysvec_apic_timer_interrupt", 0xec,
            "sysvec_reschedule_ipi", 0xfd,
            "sysvec_call_function", 0xfc,
            "sysvec_call_function_single", 0xfb,
            "sysvec_irq_work", 0xf6);

    private final String origin;
    private final Map<Integer, String> handlers = new HashMap<>();

    private Vectors(String origin) {
        this.origin = origin;
    }

    /** @throws BadInput at a line that is not an id and a name */
    public static Vectors read(Path file) throws IOException {
        try {
            return of(file.toString(), Files.readAllLines(file));
        } catch (NoSuchFileException e) {
            throw new BadInput(
                    file.toString(), "no such file; the page-access traces need their list of handlers beside them");
        } catch (CharacterCodingException e) {
            throw new BadInput(file.toString(), "expected UTF-8 text, found other bytes");
        }
    }

    static Vectors of(String origin, List<String> lines) {
        Vectors vectors = new Vectors(origin);
        for (int i = 0; i < lines.size(); i++) {
            String[] cells = lines.get(i).split(" ");
            if (cells.length != 2 || !cells[0].matches("\\d{1,6}")) {
                throw new BadInput(
                        origin + ":" + (i + 1),
                        "expected an id and a handler, found '" + BadInput.show(lines.get(i), 60) + "'");
            }
            vectors.handlers.put(Integer.valueOf(cells[0]), cells[1]);
        }
        return vectors;
    }

    /**
     * @return a {@link Cause}
     * @throws BadInput for an id that is not in the list
     */
    int cause(int id, boolean fromUser) {
        String handler = handlers.get(id);
        if (handler == null) {
            throw new BadInput(origin, "expected a line for exception id " + id + " of the trace, found none");
        }
        if (handler.equals("exc_page_fault")) {
            return fromUser ? Cause.USER_FAULT : Cause.KERNEL_FAULT;
        }
        Integer vector = NUMBERS.get(handler);
        return vector != null ? Cause.of(Cause.Family.INTERRUPT, vector) : Cause.of(Cause.Family.FAULT, 2);
    }
}

package tollgate.ingest.format;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tollgate.ingest.BadInput;

/**
 * How one tracepoint lays out its record, as the kernel that recorded it says in
 * {@code events/SYSTEM/NAME/format}; perf.data and trace.dat both carry that text.
 *
 * <pre>
 *   name: sys_enter
 *   ID: 443
 *   format:
 *           field:unsigned short common_type;   offset:0;   size:2;   signed:0;
 *           field:unsigned long args[6];        offset:16;  size:48;  signed:0;
 *   print fmt: "NR %ld (...)", REC->id, ...
 * </pre>
 *
 * The print format is not read: it is a C expression whose meaning tools disagree on, and the fields say it all.
 *
 * @param id what {@code common_type} holds in its records; perf's {@code config}
 * @param fields in the order of the text
 */
record BinaryFormat(String system, String name, int id, List<Field> fields) {
    /** Larger than any record: a ring-buffer event and a perf sample both hold less than 64 KiB. */
    private static final int LARGEST = 1 << 16;

    /**
     * @param type as declared, without the name: {@code unsigned long[6]}, {@code __data_loc char[]}
     * @param offset bytes from the start of the record
     * @param size bytes, all elements of an array together
     */
    record Field(String type, String name, int offset, int size, boolean isSigned) {
        /** A word whose low half is an offset from the start of the record, high half a length: {@code __data_loc}. */
        boolean isDynamic() {
            return type.startsWith("__data_loc") || type.startsWith("__rel_data_loc");
        }

        /** The offset counts from the end of the field itself. */
        boolean isRelative() {
            return type.startsWith("__rel_data_loc");
        }
    }

    /**
     * @param place where the text stands, for messages
     * @throws BadInput if it has no name, no id or a field outside any record
     */
    static BinaryFormat parse(String system, byte[] text, String place) {
        String name = "";
        long id = -1;
        List<Field> fields = new ArrayList<>();
        for (String line : new String(text, StandardCharsets.UTF_8).split("\n")) {
            String trimmed = line.strip();
            if (trimmed.startsWith("name:")) {
                name = trimmed.substring(5).strip();
            } else if (trimmed.startsWith("ID:")) {
                id = number(trimmed.substring(3).strip(), place);
            } else if (trimmed.startsWith("field:")) {
                fields.add(field(trimmed, place));
            } else if (trimmed.startsWith("print fmt:")) {
                break;
            }
        }
        if (name.isEmpty() || id < 0) {
            throw new BadInput(place, "expected an event format with a name and an ID, found neither; record again");
        }
        return new BinaryFormat(system, name, (int) id, List.copyOf(fields));
    }

    /** The fields of a text that has nothing else, such as {@code events/header_page}. */
    static List<Field> parseFields(String text, String place) {
        return text.lines()
                .map(String::strip)
                .filter(line -> line.startsWith("field:"))
                .map(line -> field(line, place))
                .toList();
    }

    Optional<Field> field(String name) {
        return fields.stream().filter(field -> field.name.equals(name)).findFirst();
    }

    private static Field field(String line, String place) {
        String[] parts = line.split(";");
        String declaration = parts[0].substring("field:".length()).strip();
        long offset = -1;
        long size = -1;
        boolean isSigned = false;
        for (int i = 1; i < parts.length; i++) {
            String part = parts[i].strip();
            if (part.startsWith("offset:")) {
                offset = number(part.substring(7), place);
            } else if (part.startsWith("size:")) {
                size = number(part.substring(5), place);
            } else if (part.startsWith("signed:")) {
                isSigned = !part.substring(7).equals("0");
            }
        }
        if (offset < 0 || size < 0 || offset + size > LARGEST) {
            throw new BadInput(
                    place, "expected a field inside its record, found '" + BadInput.show(line, 80) + "'; record again");
        }
        int open = declaration.lastIndexOf('[');
        int bracket = declaration.endsWith("]") && open >= 0 ? open : declaration.length();
        int blank = declaration.lastIndexOf(' ', bracket);
        // "__data_loc char[] comm" has its brackets in the type, "char comm[16]" behind the name.
        String type = declaration.substring(0, Math.max(blank, 0)) + declaration.substring(bracket);
        return new Field(type, declaration.substring(blank + 1, bracket), (int) offset, (int) size, isSigned);
    }

    private static long number(String digits, String place) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            throw new BadInput(
                    place,
                    "expected a number in an event format, found '" + BadInput.show(digits, 20) + "'; record again");
        }
    }
}

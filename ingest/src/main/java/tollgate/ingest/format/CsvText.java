package tollgate.ingest.format;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.QuoteMode;
import tollgate.ingest.Kind;

/** What {@link CsvWriter} and {@link CsvFormat} agree on. */
final class CsvText {
    static final String MAGIC = "tollgate events 1";
    static final String[] COLUMNS = {"time_ns", "cpu", "tid", "pid", "comm", "kind", "code", "a", "b"};

    /** Kinds whose b is a name; the cell holds the name itself, since its number means nothing in another file. */
    static final Set<Kind> NAMED_B = EnumSet.of(Kind.SWITCH, Kind.FORK, Kind.WAKEUP);

    /** Numbers bare, words quoted, a name that is not told empty, an empty name {@code ""}. */
    static final CSVFormat FORMAT = CSVFormat.DEFAULT
            .builder()
            .setRecordSeparator('\n')
            .setCommentMarker('#')
            .setQuoteMode(QuoteMode.NON_NUMERIC)
            .setNullString("")
            .get();

    /** A spreadsheet takes a cell that begins so for a formula (OWASP, CSV injection). */
    private static final String FORMULA = "=+-@\t\r";

    private CsvText() {}

    /**
     * The bytes of a name as a cell: UTF-8 as it is, bytes that are none as {@code \xHH}, a backslash doubled, an
     * apostrophe before what a spreadsheet would compute.
     */
    static String cell(byte[] name) {
        StringBuilder cell = new StringBuilder();
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(name))
                    .toString();
            cell.append(text.replace("\\", "\\\\"));
        } catch (CharacterCodingException notText) {
            for (byte b : name) {
                if (b < 0) {
                    cell.append(String.format("\\x%02x", b & 0xff));
                } else {
                    cell.append(b == '\\' ? "\\\\" : String.valueOf((char) b));
                }
            }
        }
        boolean isFormula = cell.length() > 0 && (FORMULA.indexOf(cell.charAt(0)) >= 0 || cell.charAt(0) == '\'');
        return isFormula ? "'" + cell : cell.toString();
    }

    /** The bytes of a name from its cell; a cell that {@link #cell} did not make is taken as it stands. */
    static byte[] name(String cell) {
        String text = cell.startsWith("'") ? cell.substring(1) : cell;
        if (text.indexOf('\\') < 0) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int to = 0;
        for (int i = 0; i < bytes.length; i++, to++) {
            bytes[to] = bytes[i];
            if (bytes[i] == '\\' && i + 1 < bytes.length && bytes[i + 1] == '\\') {
                i++;
            } else if (bytes[i] == '\\' && i + 3 < bytes.length && bytes[i + 1] == 'x') {
                int high = Character.digit((char) bytes[i + 2], 16);
                int low = Character.digit((char) bytes[i + 3], 16);
                if (high >= 0 && low >= 0) {
                    bytes[to] = (byte) (high << 4 | low);
                    i += 3;
                }
            }
        }
        return Arrays.copyOf(bytes, to);
    }
}

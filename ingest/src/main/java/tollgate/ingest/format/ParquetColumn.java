package tollgate.ingest.format;

import java.util.Arrays;
import java.util.function.ToIntFunction;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.PrimitiveConverter;
import tollgate.ingest.Batch;

/**
 * One column of a {@link Parquet} table and its next values, as numbers: a name or kind has a number too, looked up once
 * for each word in the dictionary of a group of rows, so that most events cost no look-up.
 */
final class ParquetColumn extends PrimitiveConverter {
    final long[] values = new long[Batch.CAPACITY];

    private final int maxDefinition;
    private final long missing;
    private final ToIntFunction<Binary> number;
    private int[] numbers = new int[0];
    private ColumnReader reader;
    private long value;

    /**
     * @param maxDefinition the level at which a value is there: 0 in a required column, 1 in an optional one
     * @param missing the value of a row without one
     * @param number of the bytes of a name or kind
     */
    ParquetColumn(int maxDefinition, long missing, ToIntFunction<Binary> number) {
        this.maxDefinition = maxDefinition;
        this.missing = missing;
        this.number = number;
    }

    /** Goes on with the next group of rows. */
    void start(ColumnReader of) {
        reader = of;
    }

    /** Reads values to the beginning of {@link #values}. The group has as many left. */
    void read(int count) {
        for (int i = 0; i < count; i++) {
            if (reader.getCurrentDefinitionLevel() == maxDefinition) {
                reader.writeCurrentValueToConverter();
                values[i] = value;
            } else {
                values[i] = missing;
            }
            reader.consume();
        }
    }

    /** All values of a column that the table does not have. */
    void readNothing() {
        Arrays.fill(values, missing);
    }

    @Override
    public void addInt(int read) {
        value = read;
    }

    @Override
    public void addLong(long read) {
        value = read;
    }

    @Override
    public void addBinary(Binary read) {
        value = number.applyAsInt(read);
    }

    @Override
    public boolean hasDictionarySupport() {
        return number != null;
    }

    @Override
    public void setDictionary(Dictionary dictionary) {
        numbers = new int[dictionary.getMaxId() + 1];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = number.applyAsInt(dictionary.decodeToBinary(i));
        }
    }

    @Override
    public void addValueFromDictionary(int id) {
        value = numbers[id];
    }
}

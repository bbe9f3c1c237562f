package tollgate.ingest.format;

import java.util.Arrays;
import java.util.function.ToIntFunction;
import tollgate.ingest.Names;

/** Numbers of words, looked up by their bytes: a word costs its look-up by name once, and afterwards no allocation. */
final class WordCodes {
    private final ToIntFunction<String> meaning;
    private final Names words = new Names();
    private int[] codes = new int[64];

    WordCodes(ToIntFunction<String> meaning) {
        this.meaning = meaning;
    }

    int code(byte[] b, int from, int to) {
        int known = words.size();
        int word = words.id(b, from, to - from);
        if (word == known) {
            if (word == codes.length) {
                codes = Arrays.copyOf(codes, 2 * word);
            }
            codes[word] = meaning.applyAsInt(words.name(word));
        }
        return codes[word];
    }
}

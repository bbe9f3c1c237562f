package tollgate.ingest.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.ingest.BadInput;

class YamlTest {
    enum Index {
        LINEAR,
        XOR
    }

    @Test
    void aDocumentIsReadByWhatTheReaderWants() {
        Doc doc = Yaml.parse("d.yaml", """
                title: 12
                pti: off
                count: 0x10
                share: 1e-1
                isOn: true
                index: xor
                after: 12.5ms
                size: 64KiB
                names: [a, 'b c', 3]
                nested: {low: 1, high: 2}
                """);
        assertThat(doc.string("title")).isEqualTo("12");
        assertThat(doc.string("pti")).isEqualTo("off");
        assertThat(doc.integer("count", 0, 100)).isEqualTo(16);
        assertThat(doc.number("share", 0, 1)).isEqualTo(0.1);
        assertThat(doc.bool("isOn")).isTrue();
        assertThat(doc.choice("index", Index.class)).isEqualTo(Index.XOR);
        assertThat(doc.nanos("after")).isEqualTo(12_500_000);
        assertThat(doc.bytes("size")).isEqualTo(65_536);
        assertThat(doc.list("names", Value::string)).containsExactly("a", "b c", "3");
        assertThat(doc.doc("nested").integer("low", 0, 9)).isEqualTo(1);
        assertThat(doc.doc("nested").integer("high", 0, 9)).isEqualTo(2);
        doc.finish();
    }

    @Test
    void whatIsLeftOutHasItsDefault() {
        Doc doc = Yaml.parse("d.yaml", "# nothing but a comment\n");
        assertThat(doc.string("a", "none")).isEqualTo("none");
        assertThat(doc.integer("b", 1, 9, 7)).isEqualTo(7);
        assertThat(doc.number("c", 0, 1, 0.5)).isEqualTo(0.5);
        assertThat(doc.bool("d", true)).isTrue();
        assertThat(doc.nanos("e", 3)).isEqualTo(3);
        assertThat(doc.bytes("f", 4)).isEqualTo(4);
        assertThat(doc.choice("g", Index.class, Index.LINEAR)).isEqualTo(Index.LINEAR);
        assertThat(doc.list("h", Value::string)).isEmpty();
        assertThat(doc.set("i", Value::string)).isEmpty();
        assertThat(doc.optionalDoc("j")).isEqualTo(Optional.empty());
        doc.finish();
    }

    /** One reader, all its problems, in the order of the lines, whatever the order of reading. */
    @Test
    void everythingWrongIsToldAtOnce() {
        assertThat(problems("""
                        title: [a]
                        costs:
                          walk_cylces: 30
                          fault: many
                        ways: 40
                        ways: 8
                        zzz: 1
                        """, doc -> {
                    doc.integer("ways", 1, 32);
                    doc.string("title");
                    doc.string("source");
                    Doc costs = doc.doc("costs");
                    costs.number("walk_cycles", 0, 100, 1);
                    costs.number("fault", 0, 1e6);
                }))
                .containsExactly(
                        "d.yaml:1:1: expected the key 'source', found none; add it",
                        "d.yaml:1:8: expected text for 'title', found a list",
                        "d.yaml:3:3: unknown key 'costs.walk_cylces'; did you mean 'costs.walk_cycles'?",
                        "d.yaml:4:10: expected a number from 0 to 1000000 for 'costs.fault', found 'many'",
                        "d.yaml:5:7: expected a whole number from 1 to 32 for 'ways', found '40'",
                        "d.yaml:6:1: key 'ways' is given twice, first on line 5; keep one",
                        "d.yaml:7:1: unknown key 'zzz'; known: costs, source, title, ways");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    v: 1.5          | expected a whole number from 0 to 100 for 'v', found '1.5'
                    v: '5'          | expected a whole number from 0 to 100 for 'v', found '5'
                    v: 0b1          | expected a whole number from 0 to 100 for 'v', found '0b1'
                    v: -1           | expected a whole number from 0 to 100 for 'v', found '-1'
                    v: 99999999999999999999 | expected a whole number from 0 to 100 for 'v', found '99999999999999999999'
                    v: 9999999999999999999  | expected a whole number from 0 to 100 for 'v', found '9999999999999999999'
                    v: 0xffffffffffffffff   | expected a whole number from 0 to 100 for 'v', found '0xffffffffffffffff'
                    v:              | expected a whole number for 'v', found nothing
                    v: {}           | expected a whole number for 'v', found a map
                    v: "a\\tb"      | expected a whole number from 0 to 100 for 'v', found 'a\\x09b'
                    """)
    void whatIsNoWholeNumberIsShown(String text, String problem) {
        assertThat(problems(text, doc -> doc.integer("v", 0, 100)))
                .singleElement()
                .asString()
                .endsWith(": " + problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", ".inf", "-.inf", "1e999", "0x10", "1_000", "ten", "1,5", "'1'"})
    void whatIsNoNumberIsRefused(String number) {
        assertThat(problems("v: " + number, doc -> doc.number("v", 0, 1e9))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "on", "1", "True", "'true'", "~"})
    void onlyTrueAndFalseAreBooleans(String word) {
        assertThat(problems("v: " + word, doc -> doc.bool("v")))
                .containsExactly("d.yaml:1:4: expected true or false for 'v', found '" + word.replace("'", "") + "'");
    }

    @ParameterizedTest
    @CsvSource({
        "0ns, 0",
        "1.5us, 1500",
        "1.5\u00b5s, 1500",
        "2 s, 2000000000",
        "0.5min, 30000000000",
        "1h, 3600000000000",
        "9223372036854775807ns, 9223372036854775807"
    })
    void timesAreExactNanoseconds(String text, long nanos) {
        Doc doc = Yaml.parse("d.yaml", "v: " + text);
        assertThat(doc.nanos("v")).isEqualTo(nanos);
        doc.finish();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    5       | expected a time such as 12.5ms (ns, us, ms, s, min, h) for 'v', found '5'
                    5 years | expected a time such as 12.5ms (ns, us, ms, s, min, h) for 'v', found '5 years'
                    -5ms    | expected a time such as 12.5ms (ns, us, ms, s, min, h) for 'v', found '-5ms'
                    1e9s    | expected a time such as 12.5ms (ns, us, ms, s, min, h) for 'v', found '1e9s'
                    0.5ns   | expected a time such as 12.5ms (ns, us, ms, s, min, h) that is whole in the smallest unit and fits 63 bits for 'v', found '0.5ns'
                    9223372036854775808ns | expected a time such as 12.5ms (ns, us, ms, s, min, h) that is whole in the smallest unit and fits 63 bits for 'v', found '9223372036854775808ns'
                    """)
    void whatIsNoTimeIsShown(String text, String problem) {
        assertThat(problems("v: " + text, doc -> doc.nanos("v"))).containsExactly("d.yaml:1:4: " + problem);
    }

    @Test
    void boundsAreInclusive() {
        Doc doc = Yaml.parse("d.yaml", "a: 3\nb: 7\nc: 0.5\nd: 0.75\ne: false\nf: verified");
        assertThat(doc.integer("a", 3, 7)).isEqualTo(3);
        assertThat(doc.integer("b", 3, 7)).isEqualTo(7);
        assertThat(doc.number("c", 0.5, 0.75)).isEqualTo(0.5);
        assertThat(doc.number("d", 0.5, 0.75)).isEqualTo(0.75);
        assertThat(doc.bool("e")).isFalse();
        assertThat(doc.bool("e", true)).isFalse();
        assertThat(doc.choice("f", List.of("derived", "verified"))).isEqualTo("verified");
        doc.finish();
    }

    /** A reader runs on with values that its own arithmetic survives; nothing of it is used, since finish throws. */
    @Test
    void whatIsWrongOrMissingIsTheLowerBound() {
        Doc doc = Yaml.parse("d.yaml", "i: x\nn: [1]\nn2: x\nb: x\nd: x\ns: x\nm: x\nl: x\na: *x");
        assertThat(doc.integer("i", 3, 7)).isEqualTo(3);
        assertThat(doc.integer("none", 3, 7)).isEqualTo(3);
        assertThat(doc.number("n", 0.5, 1)).isEqualTo(0.5);
        assertThat(doc.number("n2", 0.5, 1)).isEqualTo(0.5);
        assertThat(doc.bool("b")).isFalse();
        assertThat(doc.nanos("d")).isZero();
        assertThat(doc.nanos("none")).isZero();
        assertThat(doc.bytes("s")).isZero();
        assertThat(doc.string("none")).isEmpty();
        assertThat(doc.choice("none", Index.class)).isEqualTo(Index.LINEAR);
        assertThat(doc.doc("m").string("below")).isEmpty();
        assertThat(doc.list("l")).isEmpty();
        assertThat(doc.string("a")).isEmpty();
        assertThat(doc.bool("none")).isFalse();
        assertThatThrownBy(doc::finish).isInstanceOf(BadYaml.class);
    }

    @Test
    void aReaderMayAskWhatAValueIs() {
        Doc doc = Yaml.parse("d.yaml", "s: x\nl: [x]\nm: {x: 1}");
        assertThat(doc.value("s").isScalar()).isTrue();
        assertThat(doc.value("s").isList() || doc.value("s").isMap()).isFalse();
        assertThat(doc.value("l").isList()).isTrue();
        assertThat(doc.value("m").isMap()).isTrue();
        assertThat(doc.value("l").list().get(0).path()).isEqualTo("l[0]");
    }

    @Test
    void sizesAreBinary() {
        Doc doc = Yaml.parse("d.yaml", "a: 3B\nb: 1.5KiB\nc: 2MiB\nd: 1GiB\ne: 1TiB\nf: 4KB");
        assertThat(List.of(doc.bytes("a"), doc.bytes("b"), doc.bytes("c"), doc.bytes("d"), doc.bytes("e")))
                .containsExactly(3L, 1536L, 2L << 20, 1L << 30, 1L << 40);
        doc.bytes("f");
        assertThat(catchThrowableOfType(BadYaml.class, doc::finish))
                .hasMessage("d.yaml:6:4: expected a size such as 64KiB (B, KiB, MiB, GiB, TiB) for 'f', found '4KB'");
    }

    @Test
    void aWordOutsideTheChoiceIsTold() {
        assertThat(problems("v: lineer", doc -> doc.choice("v", Index.class)))
                .containsExactly(
                        "d.yaml:1:4: expected one of linear, xor for 'v', found 'lineer'; did you mean 'linear'?");
        assertThat(problems("v: [linear]", doc -> doc.choice("v", Index.class)))
                .containsExactly("d.yaml:1:4: expected one of linear, xor for 'v', found a list");
    }

    @Test
    void itemsOfListsHaveTheirOwnPlaceAndPath() {
        assertThat(problems(
                        """
                        rows:
                          - {low: 1, hihg: 2}
                          - low: x
                          - 7
                        """,
                        doc -> doc.list("rows").forEach(row -> {
                            row.doc().integer("low", 0, 9);
                            row.doc().integer("high", 0, 9, 9);
                        })))
                .containsExactly(
                        "d.yaml:2:14: unknown key 'rows[0].hihg'; did you mean 'rows[0].high'?",
                        "d.yaml:3:10: expected a whole number from 0 to 9 for 'rows[1].low', found 'x'",
                        "d.yaml:4:5: expected a map (key: value) for 'rows[2]', found '7'");
    }

    @Test
    void twinsInASetAreRefused() {
        assertThat(problems("v: [a, b, a]", doc -> doc.set("v", Value::string)))
                .containsExactly("d.yaml:1:11: 'a' is given twice in 'v'; keep one");
    }

    @Test
    void whatAConstructorRefusesIsAProblemOfItsMap() {
        assertThat(problems("a: {low: 3, high: 2}\nb: {low: x, high: 2}", doc -> {
                    for (String key : List.of("a", "b")) {
                        Doc range = doc.doc(key);
                        int low = range.integer("low", 0, 9);
                        int high = range.integer("high", 0, 9);
                        assertThat(range.build(() -> range(low, high))).isEmpty();
                    }
                }))
                .containsExactly(
                        "d.yaml:1:4: 'a': low 3 exceeds high 2",
                        "d.yaml:2:10: expected a whole number from 0 to 9 for 'b.low', found 'x'");
    }

    /** Rows are judged one by one: what is wrong with the first does not hide what is wrong with the second. */
    @Test
    void soundnessIsOfOneMapAlone() {
        assertThat(problems("rows: [{low: x, high: 2}, {low: 3, high: 2}, {low: 1, high: 2}]\nrow: {}", doc -> {
                    List<Doc> rows = doc.list("rows", Value::doc);
                    List<Boolean> built = rows.stream()
                            .map(row -> {
                                int low = row.integer("low", 0, 9);
                                int high = row.integer("high", 0, 9);
                                return row.build(() -> range(low, high)).isPresent();
                            })
                            .toList();
                    assertThat(built).containsExactly(false, false, true);
                    assertThat(doc.isSound()).isFalse();
                    assertThat(doc.doc("row").isSound())
                            .as("its name begins another's")
                            .isTrue();
                }))
                .containsExactly(
                        "d.yaml:1:14: expected a whole number from 0 to 9 for 'rows[0].low', found 'x'",
                        "d.yaml:1:27: 'rows[1]': low 3 exceeds high 2");
    }

    private static int[] range(int low, int high) {
        if (low > high) {
            throw new IllegalArgumentException("low " + low + " exceeds high " + high);
        }
        return new int[] {low, high};
    }

    @Test
    void aSectionCanBeFinishedAlone() {
        Doc doc = Yaml.parse("d.yaml", "mine: {a: 1}\nother: {b: 2}");
        Doc mine = doc.doc("mine");
        mine.integer("a", 0, 9);
        mine.finish();
        assertThatThrownBy(doc::finish).hasMessage("d.yaml:2:1: unknown key 'other'; known: mine");
        doc.leave("other");
        assertThatThrownBy(doc::finish).as("a problem once noted stays").isInstanceOf(BadInput.class);
    }

    @Test
    void writersNamesAreEntries() {
        Doc doc = Yaml.parse("d.yaml", "z: 1\na: 2");
        assertThat(doc.entries().keySet()).containsExactly("z", "a");
        doc.finish();
    }

    @Test
    void linesWithOtherEndsAndAByteOrderMarkAreCountedAlike() {
        assertThat(problems("\uFEFFa: 1\r\nb: 2\r\n", doc -> doc.integer("a", 0, 9)))
                .containsExactly("d.yaml:2:1: unknown key 'b'; known: a");
    }

    @Test
    void nothingButText() throws IOException {
        assertThat(catchThrowableOfType(BadYaml.class, () -> Yaml.read("d.yaml", bytes(new byte[] {'a', (byte) 0xff}))))
                .hasMessage("d.yaml:1:1: expected UTF-8 text, found other bytes; save it as UTF-8");
        assertThat(Yaml.read("d.yaml", bytes(new byte[0])).has("a")).isFalse();
        assertThat(Yaml.read("d.yaml", bytes("a: \u00e9".getBytes(StandardCharsets.UTF_8)))
                        .string("a"))
                .isEqualTo("\u00e9");
    }

    private static ByteArrayInputStream bytes(byte[] bytes) {
        return new ByteArrayInputStream(bytes);
    }

    private static List<String> problems(String text, Consumer<Doc> reader) {
        Doc doc = Yaml.parse("d.yaml", text);
        reader.accept(doc);
        return catchThrowableOfType(BadYaml.class, doc::finish).problems();
    }

    /** Control characters, line ends of Unicode, half a surrogate pair, marks of YAML: read again it is the same. */
    @Test
    void whatIsWrittenOnOneLineReadsTheSame() {
        StringBuilder any = new StringBuilder("\ud83d\ude00 \ud800: # {[&*!|>'\"%@`,\\");
        for (char c = 0; c < 0x100; c++) {
            any.append(c);
        }
        any.append("\u2028\u2029\ufeff\uffff");
        String key = "a: \u0085\u007f\"";
        String written = "v: {" + Yaml.quoted(key) + ": [" + Yaml.quoted(any.toString()) + ", plain, \"\"]}";
        Value value = Yaml.parse("d.yaml", written).value("v");
        assertThat(value.doc().list(key, Value::string)).containsExactly(any.toString(), "plain", "");
        assertThat("v: " + value.flow()).isEqualTo(written);
    }
}

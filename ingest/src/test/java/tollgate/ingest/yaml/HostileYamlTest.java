package tollgate.ingest.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents made to break a reader, or broken by hand: one exact answer each, and no memory or time without bound. */
class HostileYamlTest {
    @Test
    void aHundredProblemsAreAHundredLines() {
        StringBuilder text = new StringBuilder("title: t\n");
        for (int i = 0; i < 100; i++) {
            text.append("key").append(i).append(": 1\n");
        }
        List<String> problems = problems(text.toString());
        assertThat(problems).hasSize(100);
        assertThat(problems.get(0)).isEqualTo("d.yaml:2:1: unknown key 'key0'; known: title");
        assertThat(problems.get(99)).isEqualTo("d.yaml:101:1: unknown key 'key99'; known: title");
    }

    @Test
    void beyondTwoHundredProblemsAreOnlyCounted() {
        List<String> problems = problems("title: t\n" + "k: 1\n".repeat(50_000));
        assertThat(problems).hasSize(201);
        // 50,000 lines: the first k is unknown, 49,999 are twins
        assertThat(problems.get(200)).isEqualTo("d.yaml: and 49800 more problems; mend these first");
    }

    @Test
    void anAliasIsNeverFollowed() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i < 30; i++) {
            bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }
        List<String> problems = problems(bomb.toString());
        // 30 anchors, 29 x 2 aliases, 30 unknown keys, and no title
        assertThat(problems).hasSize(30 + 58 + 30 + 1);
        assertThat(problems)
                .startsWith(
                        "d.yaml:1:1: expected the key 'title', found none; add it",
                        "d.yaml:1:1: unknown key 'a0'; known: title",
                        "d.yaml:1:5: anchors are not used here; remove '&a0'",
                        "d.yaml:2:1: unknown key 'a1'; known: title",
                        "d.yaml:2:5: anchors are not used here; remove '&a1'",
                        "d.yaml:2:10: aliases are not used here; write the value out",
                        "d.yaml:2:15: aliases are not used here; write the value out");
    }

    @Test
    void tagsAreRefused() {
        assertThat(problems("title: !!javax.script.ScriptEngineManager [x]\n"))
                .containsExactly(
                        "d.yaml:1:8: tags are not used here; remove 'tag:yaml.org,2002:javax.script.ScriptEng...'",
                        "d.yaml:1:8: expected text for 'title', found a list");
        assertThat(problems("title: !mine t\n")).containsExactly("d.yaml:1:8: tags are not used here; remove '!mine'");
    }

    @Test
    void aTabIsNamed() {
        assertThat(problems("title: t\na:\n\tb: 1\n"))
                .containsExactly("d.yaml:3:1: not YAML: found a tab where a value begins; indent with spaces");
    }

    @Test
    void brokenSyntaxIsToldWhereItBreaks() {
        assertThat(problems("title: [a, b\nx: y\n"))
                .containsExactly("d.yaml:2:2: not YAML: expected ',' or ']', but got :");
        assertThat(problems("title: \"open\n")).hasSize(1);
        assertThat(problems("title: a: b\n"))
                .containsExactly("d.yaml:1:9: not YAML: mapping values are not allowed here");
        assertThat(problems("title: t\u0007\n"))
                .containsExactly("d.yaml:1:9: not YAML: the character U+0007 is not allowed; remove it");
        assertThat(problems("%YAML 3.0\n---\ntitle: t\n")).hasSize(1);
    }

    @Test
    void aSecondDocumentIsRefused() {
        assertThat(problems("title: t\n---\ntitle: u\n"))
                .containsExactly("d.yaml:2:1: a second document begins here; expected one document a file");
    }

    @Test
    void aKeyIsAWord() {
        assertThat(problems("title: t\n? [a, b]\n: 1\n"))
                .containsExactly("d.yaml:2:3: expected a word as key, found a list");
    }

    @Test
    void theRootIsAMap() {
        assertThat(problems("- a\n")).containsExactly("d.yaml:1:1: expected a map (key: value), found a list");
        assertThat(problems("just words\n"))
                .containsExactly("d.yaml:1:1: expected a map (key: value), found 'just words'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "---\n", "# only a comment\n", "--- # c\n...\n", "~ # no\n"})
    void anEmptyDocumentMissesItsKeys(String text) {
        assertThat(problems(text)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{a: ", "- ", "? "})
    void nestingIsBounded(String open) {
        assertThat(problems("title:\n " + open.repeat(100_000)))
                .singleElement()
                .asString()
                .endsWith(": nested deeper than 32 levels");
    }

    @Test
    void aHugeDocumentIsNotReadToItsEnd() {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return ' ';
            }
        };
        assertThat(catchThrowableOfType(BadYaml.class, () -> Yaml.read("d.yaml", endless)))
                .hasMessage("d.yaml:1:1: longer than 1048576 bytes; this is not a document to be read whole");
    }

    @Test
    void longKeysAndValuesAreShownShort() {
        assertThat(problems("title: t\n" + "k".repeat(1000) + ": 1\n"))
                .containsExactly("d.yaml:2:1: unknown key '" + "k".repeat(40) + "...'; known: title");
    }

    @Test
    void aDocumentOfOneMegabyteIsReadWhole() throws Exception {
        String text = "title: " + "t".repeat(Yaml.MAX_BYTES - 7);
        Doc doc = Yaml.read("d.yaml", new ByteArrayInputStream(text.getBytes("US-ASCII")));
        assertThat(doc.string("title")).hasSize(Yaml.MAX_BYTES - 7);
    }

    /** Whatever stands in a file, it is read or it is refused with a place; nothing else comes out. */
    @Test
    void anySoupOfTokensIsReadOrRefused() {
        List<String> tokens = List.of(
                "a",
                "title",
                ": ",
                ":",
                "- ",
                "-",
                "? ",
                "[",
                "]",
                "{",
                "}",
                ", ",
                "\n",
                "\n  ",
                "\n    ",
                "\t",
                "&x ",
                "*x",
                "!t ",
                "!!int ",
                "|",
                ">",
                "|+2",
                "'",
                "\"",
                "\\",
                "#",
                " # c",
                "---\n",
                "...\n",
                "%YAML 1.2\n",
                "%TAG ! x\n",
                "<<",
                "~",
                "\u0000",
                "\uFEFF",
                "\uD83D\uDE00",
                "\uD83D",
                "\u2028",
                "\r",
                "0x",
                "1e9",
                "@",
                "`",
                "\u0085");
        SplittableRandom random = new SplittableRandom(20_261_125);
        int read = 0;
        int refused = 0;
        for (int document = 0; document < 20_000; document++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(1, 40); i > 0; i--) {
                text.append(tokens.get(random.nextInt(tokens.size())));
            }
            try {
                Doc doc = Yaml.parse("d.yaml", text.toString());
                doc.string("title", "");
                doc.entries().values().forEach(value -> value.list().forEach(Value::doc));
                doc.finish();
                read++;
            } catch (BadYaml e) {
                assertThat(e.problems()).isNotEmpty().allMatch(line -> line.matches("(?s)d\\.yaml:[0-9]+:[0-9]+: .+"));
                assertThat(e.problems()).noneMatch(line -> line.contains("\n"));
                refused++;
            }
        }
        assertThat(read).isPositive();
        assertThat(refused).isPositive();
    }

    private static List<String> problems(String text) {
        return catchThrowableOfType(BadYaml.class, () -> {
                    Doc doc = Yaml.parse("d.yaml", text);
                    doc.string("title");
                    doc.finish();
                })
                .problems();
    }
}

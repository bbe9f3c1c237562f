package tollgate.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tollgate.ingest.BadInput;

/** Strategies of the user's own, in YAML. That their ledgers equal the built-in ones is in {@link StrategyContractTest}. */
class StrategyFileTest {
    @TempDir
    Path folder;

    static String shipped(String name) {
        try {
            return Path.of(StrategyFileTest.class
                            .getResource("strategies/" + name + ".yaml")
                            .toURI())
                    .toString();
        } catch (java.net.URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path written(String text) throws IOException {
        return Files.writeString(folder.resolve("my.yaml"), text);
    }

    @Test
    void aPathThatEndsInYamlIsAStrategyWithParameters() {
        Play play = Play.onAmd()
                .on(0)
                .task(1)
                .leave()
                .enter(Play.READ)
                .then()
                .interrupt(Play.NMI)
                .back();
        assertThat(play.costs(shipped("my-kpti"))).isEqualTo("CR3_WRITE_KEEP 1, CR3_READ 1");
        assertThat(play.costs(shipped("my-kpti") + "(nmi_write=false)")).isEqualTo("CR3_READ 1");
        assertThat(Strategies.parse(shipped("my-kpti") + "(nmi_write=false)").name())
                .isEqualTo("my-kpti(nmi_write=false)");
        assertThatThrownBy(() -> Strategies.parse(shipped("my-kpti") + "(x=1)"))
                .hasMessage("my-kpti: no parameter 'x'; known: nmi_write");
    }

    @Test
    void itCombinesWithABuiltInOne() {
        Play play = Play.onAmd()
                .on(0)
                .task(1)
                .leave()
                .then()
                .enter(Play.IOCTL)
                .guest(1)
                .exit(1)
                .toVmm()
                .leave();
        assertThat(play.costs(shipped("my-kpti") + "+kvm-asi")).isEqualTo(play.costs("kpti+kvm-asi"));
    }

    @Test
    void everyWordIsUnderstoodAndHasWords() {
        StrategyFile file = StrategyFile.read(Path.of(shipped("everything")));
        assertThat(file.criticism()).isEqualTo("it isolates nothing");
        assertThat(file.parameters()).extracting(Parameter::bounds).containsExactly("true|false", "0 to 2");
        Strategy strategy = file.build(Settings.standard(file));
        assertThat(strategy.usesInvpcid()).isFalse();
        assertThat(strategy.spaces().get(0).view().leaf(Region.DIRECT)).isEqualTo(2);
        assertThat(strategy.spaces().get(2).taints().protectData()).isEqualTo(Strategy.ALL_DATA);
        assertThat(EventTable.of(strategy)).hasSize(9 + 1 + 1 + 3 - 1);
        // rate 0.5 at each of two entries: one pair of PTEs; 0.25: none yet; the flag is raised by the first, paid by
        // the second
        Play play = Play.onAmd().on(0).task(1).then().enter(Play.READ).enter(Play.READ);
        assertThat(play.costs(strategy)).isEqualTo("PTE_WRITE 2, PGD_COPY 1, VERW 2, L1D_FLUSH 1");
    }

    @Test
    void allErrorsComeAtOnceWithLineColumnAndSuggestion() throws IOException {
        Path file = written("""
                strategy: kpti
                idea: x
                kernel: {map: everything, global: [entri]}
                spaces:
                  user: {owner: mn, map: [u_cur], pcid_bits: 3}
                rows:
                  - at: user_entri
                    do: [{charge: cr3_red}, {load: {space: usr}}, unmap_touche, load]
                  - at: user_return
                    in: [usr]
                    do: [{if: {parameter: kep, then: []}}, {if_syscall: {calls: [reed]}}, {frob: 1}]
                    dew: []
                """);
        assertThatThrownBy(() -> StrategyFile.read(file))
                .isInstanceOf(BadInput.class)
                .extracting(e -> e.getMessage().replace(file + ":", "").lines().toList())
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.list(String.class))
                .satisfies(lines -> {
                    assertThat(lines).hasSize(14);
                    assertThat(lines.get(0)).isEqualTo("1:11: 'kpti' is a built-in strategy; choose another name");
                    assertThat(lines.get(1))
                            .startsWith("3:36: expected one of u_cur")
                            .endsWith("did you mean 'entry'?");
                    assertThat(lines.get(2)).startsWith("5:17: ").endsWith("found 'mn'; did you mean 'mm'?");
                    assertThat(lines.get(3))
                            .isEqualTo("5:46: expected bits of its own above the ASID's lowest three, found 0x3; take"
                                    + " 0x200, 0x400 or 0x800");
                    assertThat(lines.get(4)).startsWith("7:9: ").endsWith("did you mean 'user_entry'?");
                    assertThat(lines.get(5)).startsWith("8:19: ").endsWith("did you mean 'cr3_read'?");
                    assertThat(lines.get(6)).startsWith("8:44: ").endsWith("did you mean 'user'?");
                    assertThat(lines.get(7))
                            .isEqualTo("8:51: unknown act 'unmap_touche'; did you mean 'unmap_touched'?");
                    assertThat(lines.get(8)).isEqualTo("8:65: unknown act 'load'; it needs a value: 'load: ...'");
                    assertThat(lines.get(9)).startsWith("10:10: ").endsWith("did you mean 'user'?");
                    assertThat(lines.get(10))
                            .startsWith("11:27: expected a parameter that is true or false, found 'kep'");
                    assertThat(lines.get(11)).contains("unknown system call 'reed'");
                    assertThat(lines.get(12)).startsWith("11:82: unknown act 'frob'; known: ");
                    assertThat(lines.get(13)).startsWith("12:5: unknown key 'rows[1].dew'");
                });
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        Path file = written("strategy: mine\n");
        assertThatThrownBy(() -> StrategyFile.read(file))
                .hasMessageContaining("expected the key 'idea'")
                .hasMessageContaining("expected the key 'kernel'");
        assertThatThrownBy(() -> Strategies.parse("nowhere/my.yaml"))
                .isInstanceOf(BadInput.class)
                .hasMessage("nowhere/my.yaml: expected a strategy in YAML, found no such file; check the path");
    }

    @Test
    void whatIsNoTextIsRefused() throws IOException {
        Path file = folder.resolve("bytes.yaml");
        Files.write(file, new byte[] {'a', ':', (byte) 0xff, 0});
        assertThatThrownBy(() -> StrategyFile.read(file)).isInstanceOf(BadInput.class);
    }
}

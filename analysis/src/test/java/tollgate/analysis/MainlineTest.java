package tollgate.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.replay.Strategy;

class MainlineTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "skylake-sp | kpti+verw+l1d-flush+ibpb(mode=cond,exit_to_user=true)+rsb-fill",
                "cascade-lake | verw+ibpb(mode=cond,exit_to_user=true)+rsb-fill",
                "zen2 | ibpb(mode=cond,exit_to_user=true)+rsb-fill"
            })
    void consistsOfTheProfilesDefaults(String cpu, String parts) {
        CpuFeatures features = CpuProfile.load(cpu).features();
        assertThat(Mainline.parts(features)).isEqualTo(parts);
        assertThat(Mainline.parse("mainline", features).name()).isEqualTo("mainline");
        assertThat(Mainline.reason(features)).contains(parts).contains("spectre_v2");
    }

    @Test
    void standsOnTopOfItOrInThePlaceOfWhatItReplaces() {
        CpuFeatures skylake = CpuProfile.load("skylake-sp").features();
        Strategy both = Mainline.parse("mainline+kvm-asi", skylake);
        assertThat(both.name()).isEqualTo("mainline+kvm-asi");
        assertThat(spaces(both)).containsExactly("kernel", "user", "kvm");
        assertThat(spaces(Mainline.parse("mainline-kpti+asi-2025", skylake)))
                .containsExactly("kernel", "kvm", "userspace");
        assertThatThrownBy(() -> Mainline.parse("mainline+asi-2025", skylake))
                .hasMessageContaining("kpti and asi-2025 both enter an address space of their own at USER_RETURN");
        assertThat(Mainline.deployed())
                .containsExactly(
                        "mainline+asi-2022",
                        "mainline-kpti+asi-2025",
                        "mainline+kvm-asi",
                        "mainline+kvm-asi-2020",
                        "mainline+netns",
                        "mainline+sci");
    }

    @Test
    void whatIsLeftOutIsAStrategy() {
        CpuFeatures zen = CpuProfile.load("zen2").features();
        assertThat(Mainline.expand("mainline-kpti+asi-2025", zen))
                .as("KPTI is off there by default")
                .isEqualTo("ibpb(mode=cond,exit_to_user=true)+rsb-fill+asi-2025");
        assertThatThrownBy(() -> Mainline.expand("mainline-ktpi+asi-2025", zen))
                .hasMessageContaining("unknown strategy 'ktpi'; did you mean 'kpti'?");
        assertThatThrownBy(() -> Mainline.expand("mainline-", zen)).hasMessageContaining("unknown strategy ''");
    }

    /** Whatever is on by default, everything that is deployed can be built. */
    @ParameterizedTest
    @ValueSource(strings = {"skylake-sp", "cascade-lake", "zen2", "zen4", "sapphire-rapids"})
    void canBeDeployedOn(String cpu) {
        for (String text : Mainline.deployed()) {
            assertThat(Mainline.parse(text, CpuProfile.load(cpu).features()).name())
                    .isEqualTo(text);
        }
    }

    private static List<String> spaces(Strategy strategy) {
        return strategy.spaces().stream().map(Strategy.Space::name).toList();
    }
}

package tollgate.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
}

package tollgate.reports;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tollgate.analysis.Comparison;

/** What is written as results.json follows the schema that stands beside it, by a validator of others. */
final class SchemaTest {
    @ParameterizedTest
    @CsvSource({"1, 1", "3, 2", "6, 6", "20, 15"})
    void resultsFollowTheSchema(int workloads, int strategies) throws IOException {
        assertThat(schema().validate(json(SampleComparison.of(workloads, strategies)), InputFormat.JSON))
                .isEmpty();
    }

    @Test
    void strangeNamesAndMissingFiguresFollowItToo() throws IOException {
        assertThat(schema().validate(json(SampleComparison.nasty()), InputFormat.JSON))
                .isEmpty();
    }

    @Test
    void anotherVersionAndFiguresWithoutIntervalDoNot() throws IOException {
        String json = json(SampleComparison.of(1, 1));
        assertThat(schema().validate(json.replace(Json.RESULTS, "urn:tollgate:results:2"), InputFormat.JSON))
                .hasSize(1);
        assertThat(schema().validate(json.replaceFirst("\"low\": [0-9.]+, ", ""), InputFormat.JSON))
                .isNotEmpty();
    }

    /** Whatever has an interval says its unit, here or beside it. */
    @Test
    void everyFigureSaysItsUnit() throws IOException {
        List<JsonNode> figures = new ArrayList<>();
        collect(new ObjectMapper().readTree(ReportPdf.resource("results.schema.json")), figures);
        assertThat(figures)
                .hasSizeGreaterThan(20)
                .allSatisfy(figure -> assertThat(figure.path("description").asText())
                        .as(figure.toString())
                        .containsPattern("%|ns|cycles|bytes|unit"));
    }

    private static void collect(JsonNode node, List<JsonNode> figures) {
        if (node.path("$ref").asText().matches("#/.defs/(estimate|figure)")) {
            figures.add(node);
        }
        node.fields().forEachRemaining(field -> {
            if (!field.getKey().equals("oneOf")) { // a figure is an estimate or cannot be told
                collect(field.getValue(), figures);
            }
        });
    }

    private static String json(Comparison comparison) throws IOException {
        StringBuilder json = new StringBuilder();
        Json.results(comparison, json);
        return json.toString();
    }

    private static JsonSchema schema() throws IOException {
        return JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(ReportPdf.resource("results.schema.json"));
    }
}

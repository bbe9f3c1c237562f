package tollgate.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * Goes through every table and every sentence of a report: no modelled figure without its interval and its unit. What may
 * stand alone is listed here with the reason, so that a new table, column or phrase is found until somebody says why.
 */
public final class ReportFigures {
    private static final String NUMBER = "-?[0-9][0-9.\u00a0]*";
    private static final String INTERVAL = "\\[" + NUMBER + ", " + NUMBER + "\\]";
    private static final Pattern FIGURE = Pattern.compile(NUMBER + " ?" + INTERVAL);
    private static final Pattern UNIT = Pattern.compile(
            "%|\\bns\\b|\\bcycles\\b|\\bms\\b|\\bwrites\\b|CR3 writes|draws|per (ms|s)\\b|a second\\b|, (windows|stuns|pages|entries|hand-overs|byte s)\\b");

    /** By the first cell of a table's head: its columns, or rows of a metric's, that hold no modelled figure. */
    private static final Map<String, String> ALONE = Map.ofEntries(
            Map.entry("workload and file", ".*"), // what was recorded
            Map.entry("metric", "CR3 writes .*|share of VM exits .*"), // counted, where no touched page decides
            Map.entry("row is cheaper than column, % of draws", ".*"), // says itself how sure it is
            Map.entry("exposure", ".*"), // recorded time and counts, with bounds where a moment is unknown
            Map.entry("attack", ".*"), // the same
            Map.entry("full address space opened by", ".*"), // the same
            Map.entry("class of memory", ".*"), // stated
            Map.entry("measurement", "measured|priced for"), // published
            Map.entry("workload", "runs|span of runs, %"), // how many, and a share of an interval
            Map.entry("exits a second of one vCPU", ".*: [0-9 \u00a0]+")); // 100 % where no window is left

    /** Numbers with a unit in sentences that are not modelled: how intervals are defined, what was recorded, published or stated. */
    private static final List<Pattern> SAID = Stream.of(
                    "5 to 95 %|([<>] )?[0-9]+ % of draws|\\((> )?[0-9]+ %\\)", // how sure an order is
                    "[0-9.]+ % narrower", // of an interval
                    "stands at 100 %|more than 100 %|half, 90 and 99 %|within 1 %|lasts 1 to 20 us",
                    "[0-9.]+ % of (its|the) kernel entries and exits",
                    "median error of the middle is [0-9]+ %|off by [0-9]+ %|this one by [0-9]+ %",
                    // Exposure is recorded time and counts; where it has bounds they stand there.
                    "Everything the kernel can reach stayed mapped for: .*? without isolation",
                    "Exits served without the full address space: .*? without isolation",
                    "(Everything the kernel can reach was mapped|For how long everything was mapped).*",
                    "The same under every strategy: .*")
            .map(Pattern::compile)
            .toList();

    private static final Pattern BESIDE_UNIT =
            Pattern.compile("(?<![0-9.,\\[/\u00a0])" + NUMBER + "[ \u00a0](%|ns|us|cycles)(?! \\[)(?![a-z])");

    private ReportFigures() {}

    /**
     * @param page a report as XHTML, with or without a script
     * @return how many figures with an interval its tables have
     */
    public static int check(String page) throws IOException {
        Document document = parsed(page);
        int figures = 0;
        NodeList tables = document.getElementsByTagName("table");
        for (int i = 0; i < tables.getLength(); i++) {
            figures += table((Element) tables.item(i));
        }
        for (String tag : new String[] {"p", "li"}) {
            NodeList texts = document.getElementsByTagName(tag);
            for (int i = 0; i < texts.getLength(); i++) {
                if (!isPublished(texts.item(i))) {
                    sentence(texts.item(i).getTextContent());
                }
            }
        }
        return figures;
    }

    private static Document parsed(String page) throws IOException {
        int script = page.lastIndexOf("<script>");
        String markup = page.substring(page.indexOf("<html"), script < 0 ? page.length() : script)
                + (script < 0 ? "" : "</body></html>");
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(markup.getBytes(StandardCharsets.UTF_8)));
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(e);
        }
    }

    private static int table(Element table) {
        List<String> head = texts(table, "th");
        if (head.isEmpty()) {
            return 0; // definitions and provenance
        }
        String above = above(table);
        int figures = 0;
        NodeList rows = ((Element) table.getElementsByTagName("tbody").item(0)).getElementsByTagName("tr");
        for (int r = 0; r < rows.getLength(); r++) {
            List<String> cells = texts((Element) rows.item(r), "td");
            for (int column = 1; column < cells.size(); column++) {
                String cell = cells.get(column);
                String place = head.get(0) + " | " + cells.get(0) + " | " + head.get(column) + ": " + cell;
                String alone = ALONE.getOrDefault(head.get(0), "nothing");
                boolean isAlone =
                        head.get(column).matches(alone) || cells.get(0).matches(alone);
                Matcher figure = FIGURE.matcher(cell);
                if (figure.find()) {
                    figures++;
                    assertThat(UNIT.matcher(String.join(" ", above, head.get(0), cells.get(0), head.get(column), cell))
                                    .find())
                            .as("unit of " + place)
                            .isTrue();
                }
                String rest = figure.replaceAll("");
                boolean isFree = cell.equals("0") || cell.startsWith("cannot tell") || !rest.matches("(?s).*[0-9].*");
                assertThat(isAlone || isFree).as("interval of " + place).isTrue();
            }
        }
        return figures;
    }

    /** The heading that a table stands under. */
    private static String above(Element table) {
        for (Node node = table.getPreviousSibling(); node != null; node = node.getPreviousSibling()) {
            if (node.getNodeName().matches("h[1-4]")) {
                return node.getTextContent() + " ";
            }
        }
        return "";
    }

    /** Whether it is the list of the publications, which say what they say. */
    private static boolean isPublished(Node text) {
        return above((Element) (text.getNodeName().equals("li") ? text.getParentNode() : text))
                        .startsWith("Held against publications")
                && !text.getTextContent().contains("median");
    }

    private static void sentence(String text) {
        String rest = text;
        for (Pattern said : SAID) {
            rest = said.matcher(rest.replace('\u00a0', ' ')).replaceAll("-");
        }
        List<String> bare = new ArrayList<>();
        Matcher matcher = BESIDE_UNIT.matcher(rest);
        while (matcher.find()) {
            bare.add(rest.substring(Math.max(0, matcher.start() - 60), Math.min(rest.length(), matcher.end() + 40)));
        }
        assertThat(bare).as("figures without an interval").isEmpty();
    }

    private static List<String> texts(Element of, String tag) {
        NodeList nodes = of.getElementsByTagName(tag);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            texts.add(nodes.item(i).getTextContent());
        }
        return texts;
    }
}
